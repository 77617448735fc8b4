// Resources and navigation. Everything shown is set as text, never as HTML: names and reasons come from programs.
import { closeDetails, openDetails, refreshDetails } from './details-view.js';
import { element, link, stateOf } from './elements.js';
import { LogView } from './log-view.js';

const resources = new Map();
const rows = new Map();
const logs = new LogView();
let events = null;
let view = 'resources';
let drawing = false;

const $ = (selector) => document.querySelector(selector);

function uptime(startedAt) {
  let s = Math.max(0, Math.floor((Date.now() - Date.parse(startedAt)) / 1000));
  const days = Math.floor(s / 86400);
  const hours = Math.floor((s %= 86400) / 3600);
  const minutes = Math.floor((s %= 3600) / 60);
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${s % 60} s` : `${s} s`;
}

const isValue = (r) => r.type === 'Parameter' || r.type === 'ConnectionString';
const cell = (label, ...children) => element('td', { 'data-label': label }, ...children);

function row(r) {
  const [text, tone] = stateOf(r);
  const name = element('a', { href: `#/resources/${encodeURIComponent(r.name)}`, class: 'name' }, r.name);
  const needs = r.dependencies.map((d) => d.name).join(', ');
  const reason = r.reason ? element('p', { class: `reason ${tone}` }, r.reason) : null;
  const made = element('tr', { 'data-name': r.name },
    element('th', { scope: 'row' }, name, element('p', { class: 'type' }, r.type, needs ? ` · needs ${needs}` : '')),
    cell('State', element('span', { class: `state ${tone}` }, text), reason),
    cell('Address', element('div', { class: 'urls' }, ...r.urls.map(link))),
    cell('Uptime', r.processId && r.startedAt ? element('time', { datetime: r.startedAt }, uptime(r.startedAt)) : '–'),
    cell('Restarts', element('span', { class: r.restarts > 0 ? 'warn' : 'quiet' }, String(r.restarts))),
    cell('Process', r.processId ? String(r.processId) : '–'),
    cell('Logs', element('a', { href: `#/logs/${encodeURIComponent(r.name)}`, 'aria-label': `Logs of ${r.name}` }, 'Logs')));
  for (const index of [3, 4, 5]) made.children[index].classList.add('number');
  return made;
}

function drawPlain(list, items) {
  const lines = items.map((r) => element('li', {}, element('b', {}, r.name), ' ', element('span', { class: 'type' }, r.type),
    r.reason ? element('p', { class: 'reason' }, r.reason) : null));
  list.querySelector('ul').replaceChildren(...lines);
  list.querySelector('.count').textContent = `(${items.length})`;
  list.hidden = items.length === 0;
}

function draw(changed) {
  const body = $('#running tbody');
  const all = [...resources.values()];
  const running = all.filter((r) => !isValue(r) && !r.isSkipped);
  for (const r of running.filter((r) => changed.has(r.name) || !rows.has(r.name))) {
    const fresh = row(r);
    const old = rows.get(r.name);
    const focused = old?.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    rows.set(r.name, fresh);
    if (old) old.replaceWith(fresh); else body.append(fresh);
    if (focused) fresh.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  }
  drawPlain($('#elsewhere'), all.filter((r) => r.isSkipped));
  drawPlain($('#values'), all.filter((r) => isValue(r)));
  const tones = running.map((r) => stateOf(r)[1]);
  const bad = tones.filter((t) => t === 'bad').length;
  const ready = tones.filter((t) => t === 'good' || t === 'done').length;
  const summary = `${ready} of ${running.length} ready` + (bad > 0 ? `, ${bad} with a problem` : '');
  if ($('#summary').textContent !== summary) $('#summary').textContent = summary;
  document.title = (bad > 0 ? `(${bad}!) ` : '') + 'JanServer';
  logs.setResources(running.map((r) => r.name));
  markSelected();
  refreshDetails(changed);
}

function markSelected() {
  const selected = decodeURIComponent(location.hash.split('/')[2] ?? '');
  for (const [name, made] of rows) made.toggleAttribute('data-selected', view === 'resources' && name === selected);
}

function setConnection(text, tone) {
  const shown = $('#connection');
  shown.className = tone;
  if (shown.textContent !== text) shown.textContent = text;
}

const changed = new Set();

function connect() {
  if (events !== null) return;
  events = new EventSource('/api/resources/events');
  events.addEventListener('open', () => setConnection('live', 'good'));
  events.addEventListener('resources', (e) => {
    for (const r of JSON.parse(e.data)) {
      resources.set(r.name, r);
      changed.add(r.name);
    }
    if (!drawing) {
      drawing = true;
      requestAnimationFrame(() => {
        drawing = false;
        draw(changed);
        changed.clear();
      });
    }
  });
  events.addEventListener('error', async () => {
    setConnection('not connected', 'bad');
    if (events?.readyState !== EventSource.CLOSED) return;
    // A refusal ends the stream for good, most likely because the token changed: the page then is the login.
    disconnect();
    const answer = await fetch('/api/resources').catch(() => null);
    if (answer?.status === 401) location.reload(); else setTimeout(connect, 2000);
  });
}

function disconnect() {
  events?.close();
  events = null;
}

function route() {
  const [, name = 'resources', rest = ''] = location.hash.split('/');
  view = name === 'logs' ? 'logs' : 'resources';
  const item = decodeURIComponent(rest);
  for (const id of ['resources', 'logs']) $(`#${id}`).hidden = id !== view;
  for (const a of document.querySelectorAll('nav a')) {
    if (a.hash === `#/${view}`) a.setAttribute('aria-current', 'page'); else a.removeAttribute('aria-current');
  }
  if (view === 'logs') logs.open(item); else logs.close();
  if (view === 'resources' && item) openDetails(item); else closeDetails();
  markSelected();
}

// A tab that nobody looks at holds no connection: a browser has only six for one host.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    disconnect();
    logs.close();
  } else {
    connect();
    route();
  }
});
document.addEventListener('keydown', (e) => {
  if (e.key === 'Escape' && view === 'resources' && location.hash.split('/').length > 2) {
    const name = location.hash;
    location.hash = '#/resources';
    document.querySelector(`a.name[href="${CSS.escape(name)}"]`)?.focus();
  } else if (e.key === '/' && view === 'logs' && !/^(input|select|textarea)$/i.test(e.target.tagName)) {
    e.preventDefault();
    $('#log-filter').focus();
  }
});
addEventListener('hashchange', route);
setInterval(() => {
  for (const shown of document.querySelectorAll('#running time')) shown.textContent = uptime(shown.dateTime);
}, 1000);
connect();
route();
