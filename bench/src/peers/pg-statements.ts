/** The statements of the bench as `pg` takes them, with a name (prepared once per connection) or without. */
import type {QueryConfig, QueryResult} from 'peer-pg';
import {only} from './peer';

export interface Statements {
  readonly point: (id: number) => QueryConfig;
  readonly rows: (count: number) => QueryConfig;
  /** The five of a transfer; the third gives the balance. */
  readonly transfer: readonly [Statement, Statement, Statement, Statement, Statement];
}

type Statement = (id: number) => QueryConfig;

export function statements(prepared: boolean): Statements {
  const statement =
    (name: string, text: string, more: readonly unknown[] = []) =>
    (value: number): QueryConfig => {
      const values = [value, ...more];
      return prepared ? {name, text, values} : {text, values};
    };
  return {
    point: statement('point', 'SELECT id, name, balance FROM point_item WHERE id = $1'),
    rows: statement('rows', 'SELECT * FROM wide_item WHERE id <= $1 ORDER BY id'),
    transfer: [
      statement('balance', 'SELECT balance FROM ledger WHERE id = $1'),
      statement('name', 'SELECT name FROM point_item WHERE id = $1'),
      statement('add', 'UPDATE ledger SET balance = balance + 1 WHERE id = $1 RETURNING balance'),
      statement('note', 'INSERT INTO transfer (ledger_id, amount) VALUES ($1, $2)', [1]),
      statement('count', 'UPDATE ledger_count SET count = count + 1 WHERE id = $1'),
    ],
  };
}

interface Client {
  query<Row>(query: QueryConfig): Promise<QueryResult<Row>>;
  query(text: string): Promise<QueryResult<unknown>>;
}

/** The transaction as the documentation of `pg` writes it. */
export async function transfer(
  client: Client,
  [balance, name, add, note, count]: Statements['transfer'],
  id: number,
): Promise<number> {
  await client.query('BEGIN');
  try {
    await client.query(balance(id));
    await client.query(name(id));
    const updated = await client.query<{balance: number}>(add(id));
    await client.query(note(id));
    await client.query(count(id));
    await client.query('COMMIT');
    return only(updated.rows).balance;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
