/** Has every connection of a pool in use at the same time: each waits for the last one before it goes back. */
import {EventEmitter, once} from 'node:events';

export async function allAtOnce(
  count: number,
  use: (allHere: () => Promise<unknown>) => PromiseLike<unknown>,
): Promise<void> {
  const gate = new EventEmitter();
  const opened = once(gate, 'open');
  let waiting = 0;
  const allHere = (): Promise<unknown> => {
    if (++waiting === count) gate.emit('open');
    return opened;
  };
  await Promise.all(Array.from({length: count}, () => use(allHere)));
}
