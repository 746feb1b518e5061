/** Rows, or the data of a copy, from the node that is chosen when reading starts. No row is read twice. */
import {Readable} from 'node:stream';
import type {ClusterNode} from '../topology/node';
import {rerunOf} from './rerun';

export interface StreamPlace {
  readonly node: ClusterNode;
  /** It is a read on a replica: what failed before its first row may be read elsewhere. */
  readonly reads?: boolean;
  /** Called once, however it ends. */
  readonly ended: (error: unknown) => Promise<void> | void;
}

/** What a stream has tried: nodes that failed before the first row, and whether only the primary is left. */
export interface StreamAttempts {
  readonly failed: Set<ClusterNode>;
  onPrimary: boolean;
}

export async function* streamFrom<T>(
  choose: (attempts: StreamAttempts) => Promise<StreamPlace>,
  open: (node: ClusterNode) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const attempts: StreamAttempts = {failed: new Set(), onPrimary: false};
  for (;;) {
    const place = await choose(attempts);
    const {node} = place;
    let failure: unknown;
    let delivered = false;
    node.inFlight++;
    try {
      const rows = open(node)[Symbol.asyncIterator]();
      const first = await rows.next();
      if (first.done === true) return;
      delivered = true;
      try {
        yield first.value;
        yield* {[Symbol.asyncIterator]: () => rows};
      } finally {
        await rows.return?.();
      }
      return;
    } catch (error) {
      failure = error;
      const rerun = delivered || place.reads !== true ? 'never' : rerunOf(error);
      if (rerun === 'never') throw error;
      attempts.failed.add(node);
      attempts.onPrimary ||= rerun === 'onPrimary';
    } finally {
      node.inFlight--;
      await place.ended(failure);
    }
  }
}

/** Disposing of it ends it, as it does the streams of a pool: the generators of Node 20 and 22 do not know of that. */
export function disposable<T>(rows: AsyncGenerator<T, void, undefined>) {
  return Object.assign(rows, {
    async [Symbol.asyncDispose]() {
      await rows.return();
    },
  });
}

/** As a stream. Destroying it ends the generator, and with it the query on the server. */
export function readableFrom<T>(
  rows: AsyncIterable<T>,
  objectMode: boolean,
  highWaterMark: number | undefined,
): Readable {
  return Readable.from(rows, {
    objectMode,
    ...(highWaterMark === undefined ? {} : {highWaterMark}),
  });
}
