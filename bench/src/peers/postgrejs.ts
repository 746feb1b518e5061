/**
 * `postgrejs` 2.23.1 with prepared statements, the fastest that its documentation shows.
 *
 * A statement is prepared on one connection, and its pool resets a connection each time it comes back; so
 * there are connections of one's own, used in turn. It queues what a connection is asked while it is busy.
 */
import type {ConnectionConfig} from 'peer-postgrejs';
import {only} from './peer';
import type {PointRow, Session, SessionOptions, WideRow} from './peer';

// By default it fetches the first 100 rows and leaves out the rest.
const allRows = 0x7fff_ffff;

async function openSession(config: ConnectionConfig) {
  // An ES module: not every Node that the bench runs on can `require` one.
  const {Connection} = await import('peer-postgrejs');
  // No other peer puts a savepoint around each statement of a transaction.
  const connection = new Connection({...config, rollbackOnError: false});
  await connection.connect();
  const statement = async <Row>(text: string) => {
    const prepared = await connection.prepare(text);
    return async (...params: readonly unknown[]): Promise<Row[]> => {
      const options = {params, objectRows: true, fetchCount: allRows};
      return (await prepared.execute<Row>(options)).rows ?? [];
    };
  };
  return {
    connection,
    point: await statement<PointRow>('SELECT id, name, balance FROM point_item WHERE id = $1'),
    rows: await statement<WideRow>('SELECT * FROM wide_item WHERE id <= $1 ORDER BY id'),
    balance: await statement('SELECT balance FROM ledger WHERE id = $1'),
    name: await statement('SELECT name FROM point_item WHERE id = $1'),
    add: await statement<{balance: number}>(
      'UPDATE ledger SET balance = balance + 1 WHERE id = $1 RETURNING balance',
    ),
    note: await statement('INSERT INTO transfer (ledger_id, amount) VALUES ($1, $2)'),
    count: await statement('UPDATE ledger_count SET count = count + 1 WHERE id = $1'),
  };
}

export async function open({url, poolSize}: SessionOptions): Promise<Session> {
  const {hostname: host, port, username: user, pathname} = new URL(url);
  const config = {host, port: Number(port), user, database: pathname.slice(1)};
  const sessions = await Promise.all(Array.from({length: poolSize}, () => openSession(config)));
  let turn = 0;
  const at = (index: number) => {
    const session = sessions[index % sessions.length];
    if (session === undefined) throw new Error('a pool of no connections');
    return session;
  };
  return {
    point: (id) => at(turn++).point(id),
    rows: (count) => at(turn++).rows(count),
    // Each transfer has the connection of its ledger to itself: no more are in flight than there are.
    transfer: async (id) => {
      const {connection, balance, name, add, note, count} = at(id);
      await connection.startTransaction();
      try {
        await balance(id);
        await name(id);
        const updated = await add(id);
        await note(id, 1);
        await count(id);
        await connection.commit();
        return only(updated).balance;
      } catch (error) {
        await connection.rollback();
        throw error;
      }
    },
    close: async () => {
      await Promise.all(sessions.map(({connection}) => connection.close()));
    },
  };
}
