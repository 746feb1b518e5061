/** What the bench uses of `pg-copy-streams` 7.0.0. */
import type {Writable} from 'node:stream';

export interface CopyStreamQuery extends Writable {
  readonly rowCount: number;
  submit(connection: never): void;
}
export function from(text: string): CopyStreamQuery;
