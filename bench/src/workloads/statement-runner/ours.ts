/** `@databases/pg` of this repository. */
import createConnectionPool, {sql} from '@databases/pg';
import type {SessionOptions} from '../../peers/peer';
import type {StatementRunner} from './statement-runner';
import {templateOf} from './template';

export function openRunner({url, poolSize}: SessionOptions): Promise<StatementRunner> {
  const db = createConnectionPool({connectionString: url, poolSize});
  return Promise.resolve({
    prepare: <Row>(_: string, text: string) => {
      const template = templateOf(text);
      return (values: readonly unknown[]): Promise<Row[]> => db.query(sql(template, ...values));
    },
    close: () => db.dispose(),
  });
}
