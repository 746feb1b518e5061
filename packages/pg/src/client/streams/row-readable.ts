/** The rows of a query as a Readable in object mode. */
import {Readable} from 'node:stream';
import type {RowBatch} from '../../connection';
import type {RowReader} from './row-reader';

const DEFAULT_HIGH_WATER_MARK = 16;

/** To be asked for each row takes a third more CPU; a whole batch of rows takes three times the memory. */
const ROWS_AT_ONCE = 512;

type Batches = Pick<RowReader, 'next' | 'close'>;

/** Opens the reader when the stream is first read from; destroying the stream closes it. */
export function rowReadable(
  open: () => Promise<Batches>,
  highWaterMark: number = DEFAULT_HIGH_WATER_MARK,
): Readable {
  let reader: Promise<Batches> | undefined;
  let unread: RowBatch | undefined;
  /** Rows are on their way. */
  let asking = false;
  return new Readable({
    objectMode: true,
    highWaterMark,
    read() {
      // A program that reads from inside `data` gets here with each row.
      if (asking) return;
      asking = true;
      reader ??= open();
      reader
        .then((opened) => unread ?? opened.next())
        .then((rows) => {
          asking = false;
          unread = rows;
          if (rows === undefined) return void this.push(null);
          let row = rows.next();
          if (row === undefined) {
            unread = undefined;
            // Readable only asks again after a push.
            return this._read(highWaterMark);
          }
          for (
            let left = ROWS_AT_ONCE;
            row !== undefined;
            row = --left > 0 ? rows.next() : undefined
          ) {
            this.push(row);
          }
        })
        .catch((error: Error) => this.destroy(error));
    },
    destroy(error, done) {
      if (reader === undefined) return done(error);
      reader
        .then((opened) => opened.close())
        .then(
          () => done(error),
          () => done(error),
        );
    },
  });
}
