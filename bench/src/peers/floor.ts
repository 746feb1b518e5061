/** No peer but a floor: the least code on Node's sockets (floor/connection.ts), its connections used in turn. */
import {openFloor} from '../floor/connections';
import type {FloorConnection} from '../floor/connection';
import {FloorStatement} from '../floor/statement';
import {only} from './peer';
import type {PointRow, Session, SessionOptions, WideRow} from './peer';

export async function open({url, poolSize}: SessionOptions): Promise<Session> {
  const connections = await openFloor(url, poolSize);
  return {
    point: (id) => point.run(connections.next(), [id]),
    rows: (count) => rows.run(connections.next(), [count]),
    transfer: (id) => transfer(connections.at(id), id),
    close: () => connections.close(),
  };
}

const point = new FloorStatement<PointRow>(
  'point',
  'SELECT id, name, balance FROM point_item WHERE id = $1',
);
const rows = new FloorStatement<WideRow>(
  'rows',
  'SELECT * FROM wide_item WHERE id <= $1 ORDER BY id',
);
const begin = new FloorStatement('begin', 'BEGIN');
const balance = new FloorStatement('balance', 'SELECT balance FROM ledger WHERE id = $1');
const name = new FloorStatement('name', 'SELECT name FROM point_item WHERE id = $1');
const add = new FloorStatement<{balance: number}>(
  'add',
  'UPDATE ledger SET balance = balance + 1 WHERE id = $1 RETURNING balance',
);
const note = new FloorStatement('note', 'INSERT INTO transfer (ledger_id, amount) VALUES ($1, $2)');
const count = new FloorStatement(
  'count',
  'UPDATE ledger_count SET count = count + 1 WHERE id = $1',
);
const commit = new FloorStatement('commit', 'COMMIT');

/** In one flight what nobody waits for: BEGIN with the first statement, as ours sends it. */
async function transfer(connection: FloorConnection, id: number): Promise<number> {
  await Promise.all([begin.run(connection, []), balance.run(connection, [id])]);
  await name.run(connection, [id]);
  const updated = await add.run(connection, [id]);
  await note.run(connection, [id, 1]);
  await count.run(connection, [id]);
  await commit.run(connection, []);
  return only(updated).balance;
}
