import {UsageError} from '../../errors';

/** @throws {UsageError} `PG_INVALID_ARGUMENT` */
export function assertHandler(name: string, handler: unknown): void {
  if (typeof handler === 'function') return;
  throw new UsageError(`${name} must be a function, not ${typeof handler}`, {
    code: 'PG_INVALID_ARGUMENT',
  });
}
