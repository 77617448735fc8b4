// Lines of one resource or of all. The newest lines are kept, up to a bound; a filter hides, it does not forget.
const kept = 5000;
const lines = document.querySelector('#lines');
const choice = document.querySelector('#log-resource');
const filter = document.querySelector('#log-filter');
const errors = document.querySelector('#log-errors');
const wrap = document.querySelector('#log-wrap');
const pause = document.querySelector('#log-pause');
const end = document.querySelector('#log-end');
const count = document.querySelector('#log-count');

export class LogView {
  #events = null;
  #resource = null;
  #paused = false;
  #waiting = [];
  #last = new Map();
  #follows = true;
  #shownCount = 0;
  #pending = [];

  constructor() {
    choice.addEventListener('change', () => { location.hash = choice.value ? `#/logs/${encodeURIComponent(choice.value)}` : '#/logs'; });
    filter.addEventListener('input', () => this.#filterAll());
    errors.addEventListener('change', () => this.#filterAll());
    wrap.addEventListener('change', () => lines.classList.toggle('wrap', wrap.checked));
    pause.addEventListener('click', () => this.#setPaused(!this.#paused));
    end.addEventListener('click', () => this.#toEnd());
    lines.addEventListener('scroll', () => {
      this.#follows = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
      end.disabled = this.#follows;
    }, { passive: true });
    document.querySelector('#logs form').addEventListener('submit', (e) => e.preventDefault());
  }

  setResources(names) {
    const known = [...choice.options].slice(1).map((o) => o.value);
    if (known.join('\n') === names.join('\n')) return;
    choice.replaceChildren(choice.options[0], ...names.map((n) => new Option(n, n)));
    choice.value = this.#resource ?? '';
  }

  open(resource) {
    if (this.#events !== null && this.#resource === resource) return;
    this.close();
    this.#resource = resource;
    choice.value = resource;
    lines.classList.toggle('one', resource !== '');
    const url = resource ? `/api/logs/events?resource=${encodeURIComponent(resource)}` : '/api/logs/events';
    this.#events = new EventSource(url);
    this.#events.addEventListener('backlog', (e) => this.#reset(JSON.parse(e.data)));
    this.#events.addEventListener('lines', (e) => this.#take(JSON.parse(e.data)));
  }

  close() {
    this.#events?.close();
    this.#events = null;
  }

  // A stream that was interrupted begins with its back-log again.
  #reset(backlog) {
    lines.replaceChildren();
    this.#pending = [];
    this.#waiting = [];
    this.#last.clear();
    this.#shownCount = 0;
    this.#setPaused(false);
    this.#follows = true;
    this.#take(backlog);
  }

  #take(fresh) {
    if (this.#paused) {
      this.#waiting.push(...fresh);
      this.#waiting.splice(0, Math.max(0, this.#waiting.length - kept));
      pause.textContent = `Resume (${this.#waiting.length} new)`;
      return;
    }
    const isIdle = this.#pending.length === 0;
    this.#pending.push(...fresh);
    if (isIdle) requestAnimationFrame(() => this.#append());
    if (fresh.length === 0) this.#tell();
  }

  #append() {
    const added = document.createDocumentFragment();
    for (const line of this.#pending.splice(0)) {
      const before = this.#last.get(line.resource);
      if (before !== undefined && line.number > before + 1) added.append(gap(line.number - before - 1, line.resource));
      this.#last.set(line.resource, line.number);
      const made = show(line);
      made.hidden = !this.#matches(made);
      if (!made.hidden) this.#shownCount++;
      added.append(made);
    }
    lines.append(added);
    while (lines.childElementCount > kept) {
      if (!lines.firstElementChild.hidden) this.#shownCount--;
      lines.firstElementChild.remove();
    }
    this.#tell();
    if (this.#follows) lines.scrollTop = lines.scrollHeight;
  }

  #matches(line) {
    return (!errors.checked || line.classList.contains('error'))
      && (filter.value === '' || line.textContent.toLowerCase().includes(filter.value.toLowerCase()));
  }

  #filterAll() {
    this.#shownCount = 0;
    for (const line of lines.children) {
      line.hidden = !this.#matches(line);
      if (!line.hidden) this.#shownCount++;
    }
    this.#tell();
    this.#toEnd();
  }

  #tell() {
    const all = lines.childElementCount;
    count.textContent = this.#shownCount === all ? `${all} lines` : `${this.#shownCount} of ${all} lines`;
  }

  #setPaused(paused) {
    this.#paused = paused;
    pause.setAttribute('aria-pressed', String(paused));
    pause.textContent = paused ? 'Resume' : 'Pause';
    if (!paused && this.#waiting.length > 0) this.#take(this.#waiting.splice(0));
  }

  #toEnd() {
    this.#follows = true;
    lines.scrollTop = lines.scrollHeight;
    end.disabled = true;
  }
}

function part(name, text) {
  const made = document.createElement('span');
  made.className = name;
  made.textContent = text;
  return made;
}

function show(line) {
  const made = document.createElement('p');
  made.className = 'line';
  const time = new Date(line.time);
  const clock = time.toLocaleTimeString('en-GB') + '.' + String(time.getMilliseconds()).padStart(3, '0');
  const who = part(`who hue-${hue(line.resource)}`, line.resource);
  made.append(part('when', clock), ' ', who, ' ');
  if (line.isError) {
    made.classList.add('error');
    made.append(part('mark', 'stderr'), ' ');
  }
  const level = /\b(warn|fail|crit|WARNING|ERROR|FATAL):/.exec(line.text.slice(0, 80))?.[1];
  if (level) made.classList.add(/^warn/i.test(level) ? 'level-warn' : 'level-fail');
  if (line.text.startsWith('[orchestrator]')) made.classList.add('ours');
  // The services print the time too, which stands before the line already.
  made.append(part('text', line.text.replace(/^\d{4}-\d\d-\d\dT[\d:.]+ /, '')));
  return made;
}

function gap(number, resource) {
  const made = document.createElement('p');
  made.className = 'line gap';
  made.textContent = `${number} lines of ${resource} were lost: this browser was too slow`;
  return made;
}

function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  return sum % 8;
}
