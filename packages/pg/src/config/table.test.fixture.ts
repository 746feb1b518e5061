/** Rows of strings, options, environments and files, and what becomes of them, for the tables of this folder. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {refusal, resolve} from './machine.test.fixture';
import type {Machine} from './machine.test.fixture';
import type {ConnectionOptions, ResolvedConfig} from '.';

/** What `resolve` gives in one line, as `summarize` writes it, or what the refusal says. */
export type Expected = string | RegExp;

export interface Row {
  readonly input?: string | ConnectionOptions;
  readonly machine?: Machine;
  readonly expected: Expected;
  /** Fields that the line does not show. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** `user:password@host:port,host:port/database sslmode`. The file's secrets are made up. */
export function summarize(config: ResolvedConfig): string {
  const {user, password, database, ssl} = config;
  const hosts = config.host.map((host, index) => {
    const address = config.hostaddr[index] ?? '';
    return `${host}${address === '' || address === host ? '' : `(${address})`}:${config.port[index]}`;
  });
  return `${user}${password === undefined ? '' : `:${password}`}@${hosts.join(',')}/${database} ${ssl.mode}`;
}

export function checkRow({input, machine, expected, fields = {}}: Row): void {
  const name = `${JSON.stringify(input) ?? 'nothing'}${machine === undefined ? '' : ` on ${JSON.stringify(machine)}`}`;
  test(`${name} -> ${String(expected)}`, () => {
    if (expected instanceof RegExp) return assert.match(refusal(input, machine).message, expected);
    const config = resolve(input, machine);
    assert.equal(summarize(config), expected);
    for (const [field, value] of Object.entries(fields))
      assert.deepEqual(Reflect.get(config, field), value, field);
  });
}
