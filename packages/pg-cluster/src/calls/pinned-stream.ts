/** Rows, or the data of a copy, from the node that is chosen when reading starts. Nothing is read twice. */
import {Readable} from 'node:stream';
import type {ClusterNode} from '../topology/node';

export interface StreamPlace {
  readonly node: ClusterNode;
  /** Called once, however it ends. */
  readonly ended: (error: unknown) => Promise<void> | void;
}

export async function* streamFrom<T>(
  choose: () => Promise<StreamPlace>,
  open: (node: ClusterNode) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const {node, ended} = await choose();
  node.inFlight++;
  let failure: unknown;
  try {
    yield* open(node);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    node.inFlight--;
    await ended(failure);
  }
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
