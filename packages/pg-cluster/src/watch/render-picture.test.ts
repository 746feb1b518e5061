import assert from 'node:assert/strict';
import {test} from 'node:test';
import type {Picture, WatchedNode} from './picture';
import {renderPicture, renderPictureJson} from './render-picture';
import {jsonScreen, lineScreen, terminalScreen} from './screen';

const AT = new Date(2026, 0, 2, 12, 3, 4);

const PRIMARY: WatchedNode = {
  name: 'db1:5432',
  role: 'primary',
  phase: 'serving',
  reason: undefined,
  timeline: 1,
  lagMilliseconds: 0,
  lagBytes: 0,
  inFlight: 0,
  meanMilliseconds: 0,
  answerMilliseconds: 1.2,
  clients: 12,
  activeClients: undefined,
};
const REPLICA: WatchedNode = {
  ...PRIMARY,
  name: 'db2:5432',
  role: 'replica',
  lagMilliseconds: Number.POSITIVE_INFINITY,
  lagBytes: 10,
  activeClients: 1,
};
const PICTURE: Picture = {
  at: AT,
  nodes: [PRIMARY, REPLICA],
  standbys: [
    {
      name: 'walreceiver',
      address: '10.0.0.2',
      state: 'streaming',
      sync: 'async',
      behindBytes: 10,
      behindMilliseconds: null,
    },
  ],
  events: [{at: AT, text: 'db3:5432 is out: gone'}],
};

function record(size: {columns?: number; rows?: number} = {}) {
  const writes: string[] = [];
  return {writes, output: {...size, write: (text: string) => void writes.push(text)}};
}

test('a picture shows nodes, where requests go, what the primary says and what happened', () => {
  assert.deepEqual(renderPicture(PICTURE, {colours: false}), [
    'NODE      ROLE     PHASE    TIMELINE       BEHIND  CLIENTS  ACTIVE   PROBE  GETS',
    'db1:5432  primary  serving         1            -       12       -  1.2 ms  writes',
    'db2:5432  replica  serving         1  long / 10 B       12       1  1.2 ms  reads',
    '',
    '12:03:04  Writes go to db1:5432; reads go to db2:5432.',
    '',
    'STANDBY OF THE PRIMARY  FROM      STATE      SYNC        BEHIND',
    'walreceiver             10.0.0.2  streaming  async  0 ms / 10 B',
    '',
    '12:03:04  db3:5432 is out: gone',
  ]);
});

test('lines end where the terminal does, and colours after them', () => {
  const [, first] = renderPicture(PICTURE, {colours: true, columns: 22});
  assert.equal(first, 'db1:5432  primary  \u001B[32mser\u001B[0m');
});

test('JSON is one line, with null for what is not known', () => {
  const text = renderPictureJson(PICTURE);
  assert.ok(!text.includes('\n'));
  const read: unknown = JSON.parse(text);
  assert.deepEqual(read, {
    at: AT.toISOString(),
    writesGoTo: 'db1:5432',
    readsGoTo: ['db2:5432'],
    nodes: [
      {...PRIMARY, reason: null, activeClients: null},
      {...REPLICA, reason: null, lagMilliseconds: null},
    ],
    standbys: PICTURE.standbys,
    events: [{at: AT.toISOString(), text: 'db3:5432 is out: gone'}],
  });
});

test('a terminal is drawn over from its top, not beyond its height, and is given back with the last picture', () => {
  const {writes, output} = record({columns: 80, rows: 4});
  const screen = terminalScreen(output, false);
  screen.show(PICTURE);
  screen.close();
  const [opened, drawn = '', closed = ''] = writes;
  assert.equal(opened, '\u001B[?1049h\u001B[?25l');
  assert.ok(drawn.startsWith('\u001B[HNODE ') && drawn.includes('GETS\u001B[K\n'), drawn);
  assert.ok(drawn.endsWith('\n\u001B[J'), drawn);
  assert.equal(drawn.split('\n').length, 4);
  assert.ok(closed.startsWith('\u001B[?25h\u001B[?1049lNODE'), closed);
  assert.match(closed, /12:03:04 {2}db3:5432 is out: gone\n$/);
});

test('a terminal that does not know its size is shown everything', () => {
  const {writes, output} = record({columns: 0, rows: 0});
  terminalScreen(output, false).show(PICTURE);
  assert.match(writes[1] ?? '', /NODE .*\n[^]*Ctrl-C or q ends it/);
});

test('what is no terminal gets the picture when something changed, and what happened as lines', () => {
  const {writes, output} = record();
  const screen = lineScreen(output);
  screen.happened({at: AT, text: 'before the first picture'});
  screen.show(PICTURE);
  screen.show({...PICTURE, nodes: [{...PRIMARY, clients: 13}, REPLICA]});
  assert.equal(writes.length, 1);
  screen.happened({at: AT, text: 'db2:5432 is out: gone'});
  screen.show({...PICTURE, nodes: [PRIMARY, {...REPLICA, phase: 'ejected'}]});
  assert.equal(writes.length, 3);
  assert.equal(writes[1], '12:03:04  db2:5432 is out: gone\n');
  assert.ok(!writes.join('').includes('\u001B'));
});

test('JSON is a line for each picture', () => {
  const {writes, output} = record();
  const screen = jsonScreen(output);
  screen.show(PICTURE);
  screen.show(PICTURE);
  assert.deepEqual(writes, [`${renderPictureJson(PICTURE)}\n`, `${renderPictureJson(PICTURE)}\n`]);
});
