/** The published `@databases/pg` 6.1.0, which runs on `pg`. */
import createConnectionPool, {sql} from 'peer-databases-pg';
import type {SessionOptions} from '../../peers/peer';
import type {StatementRunner} from './statement-runner';
import {templateOf} from './template';

export function openRunner({url, poolSize}: SessionOptions): Promise<StatementRunner> {
  const db = createConnectionPool({connectionString: url, poolSize, bigIntMode: 'number'});
  return Promise.resolve({
    prepare: <Row>(_: string, text: string) => {
      const template = templateOf(text);
      return (values: readonly unknown[]) => db.query<Row>(sql(template, ...values));
    },
    close: () => db.dispose(),
  });
}
