/**
 * What the page does: asks for stats.json once a second while it is looked at, and shows it.
 *
 * It is sent as it stands here, so it is JavaScript for browsers in a text. Everything shown is set with textContent: a
 * statement that holds HTML is shown as what it is. The policy of the page forbids the ways around that.
 */
export const SCRIPT = `'use strict';
const INTERVAL_MILLISECONDS = 1000;
const source = location.pathname.replace(/\\/?$/, '/') + 'stats.json';
const find = (id) => document.getElementById(id);
let paused = false;
let before;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function duration(milliseconds) {
  if (typeof milliseconds !== 'number') return '';
  if (milliseconds < 10) return milliseconds.toFixed(1) + ' ms';
  if (milliseconds < 1000) return milliseconds.toFixed(0) + ' ms';
  if (milliseconds < 60_000) return (milliseconds / 1000).toFixed(1) + ' s';
  if (milliseconds < 3_600_000) return (milliseconds / 60_000).toFixed(1) + ' min';
  return (milliseconds / 3_600_000).toFixed(1) + ' h';
}

/** Columns: title, what stands in it, and which class it has (a text, or a function of the row). */
function table(id, rows, none, columns) {
  if (rows.length === 0) return find(id).replaceChildren(element('caption', none, 'faint'));
  const head = element('tr');
  for (const [title, , kind] of columns) head.append(element('th', title, kind === 'number' ? kind : ''));
  find(id).replaceChildren(head, ...rows.map((row) => {
    const line = element('tr');
    for (const [, cell, kind] of columns) line.append(element('td', cell(row), typeof kind === 'function' ? kind(row) : kind));
    return line;
  }));
}

function lines(...texts) {
  return texts.filter(Boolean).join('\\n');
}

/** Of a stack, which is one frame a line. */
function site(frames) {
  return frames && frames.split('\\n').slice(0, 3).map((frame) => frame.trim()).join('\\n');
}

function show(stats) {
  document.title = stats.name + (stats.waiting > 0 ? ' (' + stats.waiting + ' waiting)' : '');
  find('name').textContent = stats.name;
  find('server').textContent = stats.serverAddress + ':' + stats.serverPort + '/' + stats.database;
  const at = performance.now();
  const rate = before === undefined ? '' : Math.max(0, Math.round((stats.totals.queries - before.queries) * 1000 / (at - before.at)));
  before = {at, queries: stats.totals.queries};
  const figures = [
    ['connections', stats.total + ' of ' + stats.max], ['idle', stats.idle], ['busy', stats.busy], ['leased', stats.leased],
    ['connecting', stats.connecting], ['waiting', stats.waiting, stats.waiting > 0], ['queries/s', rate],
    ['queries', stats.totals.queries], ['timeouts', stats.totals.queueTimeouts, stats.totals.queueTimeouts > 0],
    ['failed to open', stats.totals.openFailures, stats.totals.openFailures > 0],
  ];
  find('figures').replaceChildren(...figures.map(([name, value, bad]) => {
    const figure = element('div');
    figure.append(element('dt', name), element('dd', value, bad ? 'bad' : ''));
    return figure;
  }));
  table('lanes', stats.lanes, 'none open', [
    ['pid', (lane) => lane.processId, 'number'],
    ['is', (lane) => lane.lease ? lane.lease.purpose || lane.phase : lane.phase, (lane) => lane.phase],
    ['for', (lane) => duration(lane.running ? lane.running.milliseconds : lane.lease && lane.lease.heldMilliseconds), 'number'],
    ['in flight', (lane) => lane.inFlight || '', 'number'],
    ['runs', (lane) => lane.running ? lines(lane.running.text, lane.lease && site(lane.lease.site)) : lane.lease && lines(lane.lease.work, site(lane.lease.site)), 'wide'],
    ['held for', (lane) => duration(lane.lease && lane.lease.heldMilliseconds), 'number'],
    ['uses', (lane) => lane.uses, 'number'],
    ['prepared', (lane) => lane.preparedStatements, 'number'],
    ['age', (lane) => duration(lane.ageMilliseconds), 'number'],
  ]);
  table('waiters', stats.waiters, 'nothing waits', [
    ['waits for', (waiter) => duration(waiter.waitedMilliseconds), 'number'],
    ['what', (waiter) => waiter.purpose],
    ['statement and place', (waiter) => lines(waiter.text, site(waiter.site)), 'wide'],
  ]);
  table('failures', stats.failures, 'none', [
    ['ago', (failure) => duration(failure.ageMilliseconds), 'number'],
    ['times', (failure) => failure.count, 'number'],
    ['code', (failure) => failure.code, 'bad'],
    ['what', (failure) => lines(failure.message, failure.text), 'wide'],
  ]);
  table('statements', stats.statements, 'none was answered yet', [
    ['total', (statement) => duration(statement.totalMilliseconds), 'number'],
    ['mean', (statement) => duration(statement.meanMilliseconds), 'number'],
    ['longest', (statement) => duration(statement.longestMilliseconds), 'number'],
    ['times', (statement) => statement.count, 'number'],
    ['statement', (statement) => statement.text.slice(0, 2000), 'wide'],
  ]);
}

function state(text, className) {
  find('state').textContent = text;
  find('state').className = className;
}

async function look() {
  if (!paused && !document.hidden) {
    try {
      const response = await fetch(source, {cache: 'no-store', signal: AbortSignal.timeout(10_000)});
      if (!response.ok) throw new Error('the program answers ' + response.status);
      const stats = await response.json();
      if (!paused) {
        show(stats);
        state('live', '');
      }
    } catch (error) {
      if (!paused) state('lost: ' + error.message, 'lost');
    }
  }
  setTimeout(look, INTERVAL_MILLISECONDS);
}

find('pause').addEventListener('click', () => {
  paused = !paused;
  find('pause').textContent = paused ? 'Go on' : 'Pause';
  find('pause').setAttribute('aria-pressed', paused);
  if (paused) state('paused', 'paused');
});
void look();
`;
