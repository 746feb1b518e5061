/** `postgres` (postgres.js) 3.4.9, called with its tag: it prepares what comes so. */
import postgres = require('peer-postgres');
import type {SessionOptions} from '../../peers/peer';
import type {StatementRunner} from './statement-runner';
import {templateOf} from './template';

export function openRunner({url, poolSize}: SessionOptions): Promise<StatementRunner> {
  const sql = postgres(url, {max: poolSize});
  return Promise.resolve({
    prepare: <Row>(_: string, text: string) => {
      const template = templateOf(text);
      return (values: readonly unknown[]) => sql<Row>(template, ...values);
    },
    close: () => sql.end(),
  });
}
