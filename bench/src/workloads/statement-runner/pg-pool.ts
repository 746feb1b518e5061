/** `pg` 8.23.1 through its pool, with a name for each statement (prepared once per connection) or without. */
import {Pool} from 'peer-pg';
import type {OpenRunner} from './statement-runner';

function openPool(named: boolean): OpenRunner {
  return ({url, poolSize}) => {
    const pool = new Pool({connectionString: url, max: poolSize});
    return Promise.resolve({
      prepare:
        <Row>(name: string, text: string) =>
        async (values: readonly unknown[]) =>
          (await pool.query<Row>(named ? {name, text, values} : {text, values})).rows,
      close: () => pool.end(),
    });
  };
}

export const openNamed = openPool(true);
export const openUnnamed = openPool(false);
