/** The database that statements of the routing tests are about: test/cluster/fixtures/setup.sql. */
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {postgresVersion} from './server';

/** Postgres 15 has it first. What calls its functions is not known to be harmless without it either. */
const SINCE_15 = 'create extension if not exists pg_walinspect;';

/** @param url Of the server that it is for, which has a foreign server that leads back to it. */
export function routingSetup(url: string): string {
  const file = resolve(__dirname, '../../cluster/fixtures/setup.sql');
  const setup = readFileSync(file, 'utf8').replaceAll(":'port'", `'${new URL(url).port}'`);
  return postgresVersion < 15 ? setup.replace(SINCE_15, '') : setup;
}
