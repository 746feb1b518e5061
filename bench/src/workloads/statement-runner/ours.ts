/** `@databases/pg` of this repository. */
import createConnectionPool, {sql} from '@databases/pg';
import type {OpenRunner} from './statement-runner';
import {templateOf} from './template';

/** @param maxPreparedStatements Undefined: as it comes. */
export function openKeeping(maxPreparedStatements: number | undefined): OpenRunner {
  return ({url, poolSize}) => {
    const db = createConnectionPool({connectionString: url, poolSize, maxPreparedStatements});
    return Promise.resolve({
      prepare: <Row>(_: string, text: string) => {
        const template = templateOf(text);
        return (values: readonly unknown[]): Promise<Row[]> => db.query(sql(template, ...values));
      },
      close: () => db.dispose(),
    });
  };
}

export const openRunner = openKeeping(undefined);
