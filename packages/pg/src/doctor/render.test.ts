import assert from 'node:assert/strict';
import {test} from 'node:test';
import {renderJson} from './render-json';
import {renderText} from './render-text';
import {notReached} from './report';
import type {Report} from './report';

const report: Report = {
  ok: false,
  conclusion: 'db:5432 fails at tcp: nothing listens there',
  failedStep: 'tcp',
  target: 'postgres://app@db:5432/app',
  steps: [
    {
      name: 'configuration',
      status: 'ok',
      summary: 'understood',
      facts: [
        {name: 'host', value: 'db', source: 'PGHOST'},
        {name: 'poolSize', value: 10},
      ],
    },
  ],
  hosts: [
    {
      server: 'db:5432',
      usable: false,
      steps: [
        {name: 'dns', status: 'ok', milliseconds: 1.26, summary: 'db is 10.0.0.1'},
        {
          name: 'tcp',
          status: 'fail',
          milliseconds: 123.4,
          summary: 'nothing listens there',
          advice: ['start Postgres'],
        },
        notReached('protocol'),
        notReached('tls'),
      ],
    },
  ],
};

test('as text it is one line per step, with what is known and what to do below', () => {
  assert.equal(
    renderText(report, {colours: false}),
    `postgres://app@db:5432/app

  ✓ configuration             understood
      host      db  (PGHOST)
      poolSize  10

db:5432
  ✓ DNS               1.3 ms  db is 10.0.0.1
  ✗ TCP               123 ms  nothing listens there
      → start Postgres
  - not reached: protocol, TLS

✗ db:5432 fails at tcp: nothing listens there
`,
  );
});

test('colours change nothing but colours', () => {
  const coloured = renderText(report, {colours: true});
  assert.ok(coloured.includes('\u001B[31m✗\u001B[0m TCP'));
  let plain = coloured;
  for (const code of [0, 1, 2, 31, 32, 33]) plain = plain.replaceAll(`\u001B[${code}m`, '');
  assert.equal(plain, renderText(report, {colours: false}));
});

test('what a server says cannot move the cursor', () => {
  const summary = 'bad\u001B[2J\r\nnews';
  const text = renderText(
    {...report, hosts: [], conclusion: summary, steps: [{name: 'tls', status: 'fail', summary}]},
    {colours: false},
  );
  assert.match(text, /✗ TLS +bad \[2J news\n/);
  assert.ok(!text.includes('\u001B') && !text.includes('\r'));
});

test('as JSON it is the report', () => {
  assert.deepEqual(JSON.parse(renderJson(report)), report);
});
