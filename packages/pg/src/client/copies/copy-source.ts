/**
 * Where the data of a copyFrom comes from: read item by item, and told when nobody reads on, as `for await` does.
 *
 * A string or a Uint8Array is one item, although both can be iterated.
 */
import {types} from 'node:util';
import {UsageError} from '../../errors';

/** A row (an array, or an object by column name), or a piece of the data as it goes to the server. */
export type CopyItem = string | object;
/** Arrays, generators, Node and web streams, or the whole data as one string or Uint8Array. */
export type CopySource = string | Uint8Array | Iterable<CopyItem> | AsyncIterable<CopyItem>;

type Step = IteratorResult<unknown, unknown>;
/** What all iterators have in common, sync and async. */
interface AnyIterator {
  next(): Step | PromiseLike<Step>;
  return?(): unknown;
}

export class SourceReader {
  readonly #iterator: AnyIterator;
  #phase: 'reading' | 'waiting' | 'over' = 'reading';

  /** @throws {UsageError} It cannot be iterated. */
  constructor(source: CopySource) {
    this.#iterator = iteratorOf(source);
  }

  /** A promise only where the source gives one, so that arrays cost no turn of the event loop per row. */
  next(): Step | Promise<Step> {
    let step: Step | PromiseLike<Step>;
    try {
      step = this.#iterator.next();
    } catch (error) {
      this.#phase = 'over';
      throw error;
    }
    if (isPromise(step)) return this.#wait(step);
    if (step.done === true) this.#phase = 'over';
    return step;
  }

  /** Nobody reads on. Its own failure is not heard, because there is a reason why nobody does. */
  async close(): Promise<void> {
    const phase = this.#phase;
    if (phase === 'over') return;
    this.#phase = 'over';
    try {
      const returned = this.#iterator.return?.();
      // A generator that waits for something hears of it only when that has come.
      if (phase === 'reading') await returned;
      else Promise.resolve(returned).catch(() => undefined);
    } catch {
      // See above.
    }
  }

  async #wait(promise: PromiseLike<Step>): Promise<Step> {
    this.#phase = 'waiting';
    try {
      const step = await promise;
      if (this.#isWaiting()) this.#phase = step.done === true ? 'over' : 'reading';
      return step;
    } catch (error) {
      this.#phase = 'over';
      throw error;
    }
  }

  // A function, because the compiler takes what it has seen assigned for constant across an await.
  #isWaiting(): boolean {
    return this.#phase === 'waiting';
  }
}

function iteratorOf(source: CopySource): AnyIterator {
  const given: unknown = source;
  if (typeof given === 'string' || types.isUint8Array(given)) return [given][Symbol.iterator]();
  if (typeof given === 'object' && given !== null) {
    if (isPlainArray(given)) return elementsOf(given);
    if (isAsyncIterable(given)) return given[Symbol.asyncIterator]();
    if (isIterable(given)) return given[Symbol.iterator]();
  }
  throw new UsageError(
    'the data of a copyFrom is an array, an iterable, an async iterable or a stream of rows, strings or bytes; or one string or Uint8Array',
    {code: 'PG_INVALID_ARGUMENT'},
  );
}

function isPlainArray(source: object): source is readonly unknown[] {
  return Array.isArray(source) && source[Symbol.iterator] === Array.prototype[Symbol.iterator];
}

/** As the iterator of an array, but all steps are one object: who reads a step has it before the next one is asked for. */
function elementsOf(array: readonly unknown[]): AnyIterator {
  let at = 0;
  const step: {done: boolean; value: unknown} = {done: false, value: undefined};
  return {
    next: () => {
      step.done = at >= array.length;
      step.value = array[at++];
      return step;
    },
  };
}

function isAsyncIterable(source: object): source is AsyncIterable<unknown> {
  return Symbol.asyncIterator in source;
}

function isIterable(source: object): source is Iterable<unknown> {
  return Symbol.iterator in source;
}

function isPromise(step: Step | PromiseLike<Step>): step is PromiseLike<Step> {
  return 'then' in step && typeof step.then === 'function';
}
