import assert from 'node:assert/strict';
import {test} from 'node:test';
import {resolveConfig, resolvePoolOptions} from '../config';
import {connectPlan} from './connect-plan';

const sources = {env: {}, readFile: () => undefined, homedir: undefined, username: 'u'};
const config = resolveConfig('postgres://u:secret@127.0.0.1/db', sources);

test('what a configuration says of connecting is read once for all pools of it', () => {
  const options = resolvePoolOptions({});
  assert.equal(connectPlan(config, options), connectPlan(config, options));
});

test('other options of the same configuration have a plan of their own', () => {
  const plain = resolvePoolOptions({});
  const limited = resolvePoolOptions({statementTimeoutMilliseconds: 1500});
  for (const [options, expected] of [
    [plain, undefined],
    [limited, '1500'],
    [plain, undefined],
  ] as const) {
    const parameters = new Map(connectPlan(config, options).startupParameters);
    assert.equal(parameters.get('statement_timeout'), expected);
  }
});
