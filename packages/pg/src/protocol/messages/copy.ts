/**
 * COPY: data in either direction, in pieces that mean nothing by themselves (rows may span them).
 *
 * CopyData, CopyDone and their tags are the same in both directions.
 */
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {BackendTag, FrontendTag} from './tags';

/** CopyInResponse, CopyOutResponse and CopyBothResponse have the same body. */
export interface CopyResponse {
  /** 0 is text, 1 is binary. */
  readonly format: number;
  /** The format of each column; all 0 where the whole is text. */
  readonly columnFormats: readonly number[];
}

/** @throws {ProtocolError} It is malformed. */
export function readCopyResponse(r: ByteReader): CopyResponse {
  r.messageName = 'CopyResponse';
  const format = r.int8();
  const count = r.uint16();
  r.expectRoomFor(count, 2, 'column formats');
  const columnFormats: number[] = [];
  for (let index = 0; index < count; index++) columnFormats.push(r.int16());
  r.expectEnd('CopyResponse');
  const unknown = [format, ...columnFormats].find((code) => code !== 0 && code !== 1);
  if (unknown !== undefined) throw r.malformed(`it has the format code ${unknown}`);
  return {format, columnFormats};
}

/** @param tag CopyInResponse, CopyOutResponse or CopyBothResponse. */
export function writeCopyResponse(w: ByteWriter, tag: number, response: CopyResponse): void {
  const frame = w.begin(tag);
  w.int8(response.format);
  w.uint16(response.columnFormats.length);
  for (const format of response.columnFormats) w.int16(format);
  w.end(frame);
}

export function writeCopyData(w: ByteWriter, data: Uint8Array): void {
  const frame = w.begin(FrontendTag.CopyData);
  w.bytes(data);
  w.end(frame);
}

/** The data as a view: copy what outlives the frame. */
export function readCopyData(r: ByteReader): Buffer {
  r.messageName = 'CopyData';
  return r.bytes(r.remaining());
}

export function writeCopyDone(w: ByteWriter): void {
  w.end(w.begin(BackendTag.CopyDone));
}

/**
 * Makes the COPY fail on the server: nothing of it is stored.
 * @throws {ValueError} `PG_PARAMETER_INVALID`: NUL or a lone surrogate in it. Nothing was written.
 */
export function writeCopyFail(w: ByteWriter, reason: string): void {
  const frame = w.begin(FrontendTag.CopyFail);
  w.cstring(reason);
  w.end(frame);
}

export function readCopyFail(r: ByteReader): string {
  r.messageName = 'CopyFail';
  const reason = r.cstring();
  r.expectEnd('CopyFail');
  return reason;
}
