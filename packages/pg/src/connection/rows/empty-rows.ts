/**
 * The array that the rows of a result are pushed to.
 *
 * Made by `[]` V8 takes it for an array of small integers until the first push, for which code that was optimised is
 * given up: it had found a row where it was told to expect an integer. From then on `push` of that place is not
 * compiled in any more. A copy of an array that held an object is an array of objects from the beginning.
 */
import type {Row} from './row-decoder';

const empty: Row[] = [{}];
empty.pop();

export function emptyRows(): Row[] {
  return empty.slice();
}
