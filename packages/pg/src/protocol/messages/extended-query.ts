/**
 * Extended query: Parse, Describe, Execute, Close, Sync, Flush, and the answers that belong to them alone.
 *
 * Bind has a file of its own. Rows and command tags are in `result.ts`.
 * Every writer throws ValueError `PG_PARAMETER_INVALID` for a text with NUL or a lone surrogate in it, and
 * then has written nothing.
 */
import {ValueError} from '../../errors';
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {BackendTag, FrontendTag} from './tags';

/** Parameters are counted in an unsigned Int16. */
export const MAX_PARAMETERS = 0xffff;

const STATEMENT = 0x53; // S
const PORTAL = 0x50; // P

/** @throws {ValueError} `PG_PARAMETER_INVALID`: more than 65,535 parameters. Nothing was written. */
export function checkParameterCount(count: number): void {
  if (count > MAX_PARAMETERS) {
    throw new ValueError(
      `The query has ${count} parameters; the protocol allows ${MAX_PARAMETERS}. ` +
        'Send lists as one array parameter (= ANY($1), unnest($1)), or in several queries',
      {code: 'PG_PARAMETER_INVALID'},
    );
  }
}

/** @param typeOids Types of the first parameters; 0, or none, leaves a type to the server. */
export function writeParse(
  w: ByteWriter,
  statement: string,
  text: string,
  typeOids: readonly number[],
): void {
  checkParameterCount(typeOids.length);
  const frame = w.begin(FrontendTag.Parse);
  w.cstring(statement);
  w.cstring(text);
  w.uint16(typeOids.length);
  for (const oid of typeOids) w.uint32(oid);
  w.end(frame);
}

export interface Parse {
  readonly statement: string;
  readonly text: string;
  readonly typeOids: readonly number[];
}

export function readParse(r: ByteReader): Parse {
  r.messageName = 'Parse';
  const statement = r.cstring();
  const text = r.cstring();
  const typeOids = readOids(r);
  r.expectEnd('Parse');
  return {statement, text, typeOids};
}

/** Asks for ParameterDescription, and RowDescription or NoData. */
export function writeDescribeStatement(w: ByteWriter, name: string): void {
  writeTarget(w, FrontendTag.Describe, STATEMENT, name);
}

/** Asks for RowDescription or NoData. */
export function writeDescribePortal(w: ByteWriter, name: string): void {
  writeTarget(w, FrontendTag.Describe, PORTAL, name);
}

/** Forgets the statement. Not an error where there is none of this name. */
export function writeCloseStatement(w: ByteWriter, name: string): void {
  writeTarget(w, FrontendTag.Close, STATEMENT, name);
}

/** Forgets the portal. Not an error where there is none of this name. */
export function writeClosePortal(w: ByteWriter, name: string): void {
  writeTarget(w, FrontendTag.Close, PORTAL, name);
}

function writeTarget(w: ByteWriter, tag: number, kind: number, name: string): void {
  const frame = w.begin(tag);
  w.int8(kind);
  w.cstring(name);
  w.end(frame);
}

/** What Describe and Close are about. */
export interface Target {
  readonly kind: 'statement' | 'portal';
  readonly name: string;
}

export function readDescribe(r: ByteReader): Target {
  return readTarget(r, 'Describe');
}

export function readClose(r: ByteReader): Target {
  return readTarget(r, 'Close');
}

function readTarget(r: ByteReader, messageName: string): Target {
  r.messageName = messageName;
  const kind = r.int8();
  if (kind !== STATEMENT && kind !== PORTAL) throw r.malformed('it is for neither S nor P');
  const name = r.cstring();
  r.expectEnd(messageName);
  return {kind: kind === STATEMENT ? 'statement' : 'portal', name};
}

/** @param maxRows PortalSuspended comes after so many rows; 0 for all of them. */
export function writeExecute(w: ByteWriter, portal: string, maxRows: number): void {
  const frame = w.begin(FrontendTag.Execute);
  w.cstring(portal);
  w.int32(maxRows);
  w.end(frame);
}

export interface Execute {
  readonly portal: string;
  readonly maxRows: number;
}

export function readExecute(r: ByteReader): Execute {
  r.messageName = 'Execute';
  const portal = r.cstring();
  const maxRows = r.int32();
  r.expectEnd('Execute');
  return {portal, maxRows};
}

/** Ends the exchange: the server answers ReadyForQuery, whatever went wrong before. */
export function writeSync(w: ByteWriter): void {
  w.end(w.begin(FrontendTag.Sync));
}

/** Makes the server send what it has so far, without ending the exchange. */
export function writeFlush(w: ByteWriter): void {
  w.end(w.begin(FrontendTag.Flush));
}

/** Types of the parameters of a statement, as OIDs. */
export function readParameterDescription(r: ByteReader): number[] {
  r.messageName = 'ParameterDescription';
  const typeOids = readOids(r);
  r.expectEnd('ParameterDescription');
  return typeOids;
}

export function writeParameterDescription(w: ByteWriter, typeOids: readonly number[]): void {
  checkParameterCount(typeOids.length);
  const frame = w.begin(BackendTag.ParameterDescription);
  w.uint16(typeOids.length);
  for (const oid of typeOids) w.uint32(oid);
  w.end(frame);
}

function readOids(r: ByteReader): number[] {
  const count = r.uint16();
  r.expectRoomFor(count, 4, 'type OIDs');
  const typeOids: number[] = [];
  for (let index = 0; index < count; index++) typeOids.push(r.uint32());
  return typeOids;
}
