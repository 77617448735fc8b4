// The panel beside the table: what one resource is made of.
import { element, link, stateOf } from './elements.js';

const panel = document.querySelector('#details');
let shown = null;
let asked = 0;

export function openDetails(name) {
  const isNew = shown !== name;
  shown = name;
  load(name, isNew);
}

export function closeDetails() {
  shown = null;
  panel.hidden = true;
  panel.replaceChildren();
}

export function refreshDetails(changed) {
  if (shown !== null && changed.has(shown)) load(shown, false);
}

async function load(name, focus) {
  const mine = ++asked;
  const answer = await fetch(`/api/resources/${encodeURIComponent(name)}`).catch(() => null);
  if (mine !== asked || shown !== name) return;
  if (!answer?.ok) {
    closeDetails();
    return;
  }
  const details = await answer.json();
  if (mine !== asked || shown !== name) return;
  const top = panel.scrollTop;
  panel.replaceChildren(...content(details));
  panel.hidden = false;
  panel.scrollTop = focus ? 0 : top;
  if (focus) panel.focus({ preventScroll: innerWidth > 1100 });
}

function content({ resource: r, endpoints, healthChecks, environment, environmentProblem, logFile }) {
  const [text, tone] = stateOf(r);
  const made = [
    element('div', { class: 'title' },
      element('h3', { id: 'details-title' }, r.name),
      element('a', { href: '#/resources', class: 'close', 'aria-label': 'Close details' }, '✕')),
    facts([
      ['State', element('span', { class: `state ${tone}` }, text)],
      ['Type', r.type],
      ['Parent', r.parent],
      ['Reason', r.reason],
      ['Process', r.processId],
      ['Started', r.startedAt ? new Date(r.startedAt).toLocaleString() : null],
      ['Restarts', r.restarts],
      ['Exit code', r.exitCode],
      ['Log', element('span', {}, element('a', { href: `#/logs/${encodeURIComponent(r.name)}` }, 'Show'), ` ${logFile}`)],
    ]),
  ];
  if (endpoints.length > 0) made.push(heading('Endpoints'), facts(endpoints.map((e) => [e.name, link(e.url)])));
  if (healthChecks.length > 0) {
    const problem = r.health === 'Unhealthy' && r.reason ? element('li', { class: 'problem' }, r.reason) : null;
    made.push(heading('Health checks'), element('ul', { class: 'plain' }, ...healthChecks.map((h) => element('li', {}, h)), problem));
  }
  if (r.dependencies.length > 0) {
    made.push(heading('Waits for'), element('ul', { class: 'plain' }, ...r.dependencies.map((d) => element('li', {},
      element('a', { href: `#/resources/${encodeURIComponent(d.name)}` }, d.name), ` until ${d.until}`))));
  }
  if (environmentProblem) made.push(heading('Environment'), element('p', { class: 'problem' }, environmentProblem));
  if (environment.length > 0) {
    made.push(heading('Environment'), element('dl', { class: 'environment' }, ...environment.flatMap((v) => [
      element('dt', {}, v.name),
      element('dd', v.isMasked ? { class: 'masked', title: 'A secret is hidden' } : {}, v.value === '' ? '(empty)' : v.value)])));
  }
  return made;
}

const heading = (text) => element('h4', {}, text);

function facts(list) {
  const known = list.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return element('dl', {}, ...known.flatMap(([name, value]) => [
    element('dt', {}, name), element('dd', {}, value instanceof Node ? value : String(value))]));
}
