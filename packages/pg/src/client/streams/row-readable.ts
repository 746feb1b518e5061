/** The rows of a query as a Readable in object mode. */
import {Readable} from 'node:stream';
import type {RowReader} from './row-reader';

const DEFAULT_HIGH_WATER_MARK = 16;

/** Opens the reader when the stream is first read from; destroying the stream closes it. */
export function rowReadable(
  open: () => Promise<RowReader>,
  highWaterMark: number = DEFAULT_HIGH_WATER_MARK,
): Readable {
  let reader: Promise<RowReader> | undefined;
  return new Readable({
    objectMode: true,
    highWaterMark,
    read() {
      reader ??= open();
      reader
        .then((opened) => opened.next())
        .then((rows) => {
          if (rows === undefined) this.push(null);
          // An empty batch would end the reading: Readable only asks again after a push.
          else if (rows.length === 0) this._read(highWaterMark);
          else for (const row of rows) this.push(row);
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
