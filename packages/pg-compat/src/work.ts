/** What a client runs, one at a time: queries, cursors, streams. */
import type {RawConnection} from '@databases/pg/raw';
import type {CustomTypesConfig} from './types';

export interface Work {
  /**
   * Called once, when the connection is its own. `done` says that it is free again.
   * @param types How the client reads values, where the work has no parsers of its own.
   */
  start(connection: RawConnection, types: CustomTypesConfig, done: () => void): void;
  /** Called instead of `start`: it will not run. */
  fail(error: Error): void;
  /** That it is there is how libraries tell it from a text. */
  submit(connection: unknown): void;
}

export function isWork(value: object): value is Work {
  return (
    'start' in value &&
    typeof value.start === 'function' &&
    'fail' in value &&
    typeof value.fail === 'function'
  );
}

/** Work of pg's own packages writes messages of the protocol itself, which there is no place for. */
export function isForeignWork(value: object): boolean {
  return 'submit' in value && typeof value.submit === 'function' && !isWork(value);
}

export function refuseSubmit(): never {
  throw new TypeError('only a client of @databases/pg-compat can run this: client.query(it)');
}
