/**
 * Simple query: one text, possibly of several statements, and no parameters. Also Terminate.
 *
 * What the server answers is in `result.ts`.
 */
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {FrontendTag} from './tags';

/** @throws {ValueError} `PG_PARAMETER_INVALID`: NUL or a lone surrogate in it. Nothing was written. */
export function writeQuery(w: ByteWriter, text: string): void {
  const frame = w.begin(FrontendTag.Query);
  w.cstring(text);
  w.end(frame);
}

export function readQuery(r: ByteReader): string {
  r.messageName = 'Query';
  const text = r.cstring();
  r.expectEnd('Query');
  return text;
}

/** Says good-bye: the server ends the session without logging an unexpected end. */
export function writeTerminate(w: ByteWriter): void {
  w.end(w.begin(FrontendTag.Terminate));
}
