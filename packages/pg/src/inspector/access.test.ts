import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {refusalOf} from './access';

const local = {remoteAddress: '127.0.0.1', headers: {host: 'localhost:3000'}};

test('requests of this machine, by a name of this machine, may look', () => {
  for (const remoteAddress of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:80', '[::1]:3000', '[::1]']) {
      assert.equal(
        refusalOf({remoteAddress, headers: {host}}),
        undefined,
        `${remoteAddress} ${host}`,
      );
    }
  }
});

test('other machines may not', () => {
  for (const remoteAddress of [
    '10.0.0.1',
    '::',
    '::2',
    '::ffff:10.0.0.1',
    '127.evil',
    '1127.0.0.1',
    undefined,
  ]) {
    assert.match(refusalOf({...local, remoteAddress}) ?? '', /another machine/);
  }
});

test('a name that was made to lead here may not (DNS rebinding)', () => {
  const hosts = [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:3000',
    'evil@localhost',
    '',
  ];
  for (const host of [...hosts, undefined]) {
    assert.match(refusalOf({...local, headers: {host}}) ?? '', /Host/, host);
  }
  fc.assert(
    fc.property(fc.domain(), (host) =>
      assert.match(refusalOf({...local, headers: {host}}) ?? '', /Host/),
    ),
    {numRuns: 50},
  );
});

test('what a proxy passes on may not', () => {
  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host']) {
    assert.match(refusalOf({...local, headers: {...local.headers, [name]: 'x'}}) ?? '', /proxy/);
  }
});

test('a page of another site may link here, and not read', () => {
  const headers = {...local.headers, 'sec-fetch-site': 'cross-site'};
  assert.match(
    refusalOf({...local, headers: {...headers, 'sec-fetch-mode': 'cors'}}) ?? '',
    /site/,
  );
  assert.equal(
    refusalOf({...local, headers: {...headers, 'sec-fetch-mode': 'navigate'}}),
    undefined,
  );
});
