/** The rows of a query as a Readable in object mode. */
import {Readable} from 'node:stream';
import type {RowReader} from './row-reader';

const DEFAULT_HIGH_WATER_MARK = 16;

type Batches = Pick<RowReader, 'next' | 'close'>;

/** Opens the reader when the stream is first read from; destroying the stream closes it. */
export function rowReadable(
  open: () => Promise<Batches>,
  highWaterMark: number = DEFAULT_HIGH_WATER_MARK,
): Readable {
  let reader: Promise<Batches> | undefined;
  /** Rows are on their way. */
  let asking = false;
  return new Readable({
    objectMode: true,
    highWaterMark,
    read() {
      // A program that reads from inside `data` gets here with each row; those of a batch are there until the next one.
      if (asking) return;
      asking = true;
      reader ??= open();
      reader
        .then((opened) => opened.next())
        .then((rows) => {
          asking = false;
          if (rows === undefined) return void this.push(null);
          let row = rows.next();
          // An empty batch would end the reading: Readable only asks again after a push.
          if (row === undefined) return this._read(highWaterMark);
          // All at once: to be asked for each row takes a third more CPU.
          for (; row !== undefined; row = rows.next()) this.push(row);
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
