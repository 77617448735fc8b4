// What both views are made of.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) {
      made.setAttribute(key, value === true ? '' : value);
    }
  }
  made.append(...children.filter((c) => c !== null && c !== undefined));
  return made;
}

/** One word for how it is, and the tone that it is shown in. */
export function stateOf(r) {
  if (r.isSkipped) return ['Not run here', 'off'];
  if (r.state === 'FailedToStart') return ['Failed', 'bad'];
  if (r.state === 'RuntimeUnhealthy') return ['Unhealthy', 'bad'];
  if (r.state === 'Exited') return r.exitCode ? [`Exited (${r.exitCode})`, 'bad'] : ['Stopped', 'off'];
  if (r.state === 'Finished') return ['Finished', 'done'];
  if (r.state === 'Running' && r.isLate) return ['Late', 'bad'];
  if (r.state === 'Running' && r.health !== 'Healthy') return ['Starting', 'busy'];
  if (r.state === 'Running') return ['Running', 'good'];
  if (r.state === 'Active') return ['Set', 'good'];
  if (r.state === 'NotStarted') return ['Not started', 'off'];
  return [r.state, 'busy'];
}

export function link(url) {
  return /^https?:/.test(url)
    ? element('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, url)
    : element('span', {}, url);
}
