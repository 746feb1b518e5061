/** A row by its primary key: what the client costs, because the server has almost nothing to do. */
import {pointItem, pointItemCount} from '../data-set';
import {only} from '../peers/peer';
import type {PointRow, Session} from '../peers/peer';
import {repeat} from './workload';
import type {Loop, Workload} from './workload';

// Has no factor in common with the number of rows, so that a loop comes by all of them.
const stride = 7919;

export function checkRow(id: number, rows: readonly PointRow[]): void {
  const row = only(rows);
  const expected = pointItem(id);
  if (row.id !== id || row.balance !== expected.balance || row.name !== expected.name) {
    throw new Error(`point_item ${id} came as ${JSON.stringify(row)}`);
  }
}

async function check(session: Session): Promise<void> {
  for (const id of [1, 2, pointItemCount]) checkRow(id, await session.point(id));
  const none = await session.point(0);
  if (none.length !== 0) throw new Error('there is no point_item 0');
}

function loop(session: Session, slot: number): Loop {
  return pointLoop(slot, (id) => session.point(id));
}

export function pointLoop(
  slot: number,
  ask: (id: number) => PromiseLike<readonly PointRow[]>,
): Loop {
  let id = slot + 1;
  return repeat(
    () => {
      id = ((id + stride) % pointItemCount) + 1;
      return ask(id);
    },
    (rows) => {
      checkRow(id, rows);
    },
  );
}

export const point = {
  title: 'select by primary key, pool of 10, 100 in flight',
  poolSize: 10,
  inFlight: 100,
  server: 'memory',
  check,
  loop,
} satisfies Workload;

export const sequential: Workload = {
  title: 'select by primary key, one connection, awaited one by one',
  poolSize: 1,
  inFlight: 1,
  server: 'memory',
  check,
  loop,
};
