import assert from 'node:assert/strict';
import {test} from 'node:test';
import {resolveConfig} from '../../config';
import {tlsPlans} from './tls-plan';

const sources = {env: {}, readFile: () => undefined, homedir: undefined, username: 'ann'};
const ssl = (mode: string) => resolveConfig(`postgres://ann@db/?sslmode=${mode}`, sources).ssl;

test('the same settings give the same plans, so that their certificates are read once', () => {
  const settings = ssl('verify-full');
  assert.equal(tlsPlans(settings)[0]?.options, tlsPlans(settings)[0]?.options);
});

test('no mode that asks for TLS has a plan without it', () => {
  for (const mode of ['require', 'verify-full'])
    assert.deepEqual(
      tlsPlans(ssl(mode)).map(({use}) => use),
      ['always'],
    );
});
