import {UsageError} from '../../errors';

export function usedAfterEnd(what: string, advice: string): UsageError {
  return new UsageError(`this ${what} has ended; ${advice}`, {code: 'PG_USED_AFTER_END'});
}
