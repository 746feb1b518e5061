/** A whole collection, also in a process that was not started with `--expose-gc`. */
import {setTimeout} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';

// Buffers are given back some turns after the collection that found them.
const pauseMilliseconds = 50;

export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this runtime does not collect on request');
  for (let count = 0; count < 4; count++) {
    Reflect.apply(collect, undefined, []);
    await setTimeout(pauseMilliseconds);
  }
}
