/**
 * The messages that open a connection, before authentication: untagged from the client, and the two with
 * which the server answers about versions and its key.
 *
 * Protocol chapter: "Start-up". Constants are named after Postgres' `libpq/pqcomm.h`.
 */
import {ValueError} from '../../errors';
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {BackendTag} from './tags';

/** Protocol versions as they are written: major number in the high 16 bits. */
export const PROTOCOL_3_0 = 0x0003_0000;
export const PROTOCOL_3_2 = 0x0003_0002;

/** Where a version would be: PG_PROTOCOL(1234, 5678) and its neighbours ask for something else. */
export const CANCEL_REQUEST_CODE = 80_877_102;
export const NEGOTIATE_SSL_CODE = 80_877_103;
export const NEGOTIATE_GSS_CODE = 80_877_104;

const MAX_STARTUP_PACKET_LENGTH = 10_000;

export interface Startup {
  readonly protocolVersion: number;
  readonly parameters:
    | Readonly<Record<string, string>>
    | readonly (readonly [name: string, value: string])[];
}

/**
 * @throws {ValueError} `PG_PARAMETER_INVALID`: NUL or a lone surrogate in a parameter, an empty name, or
 * more than Postgres accepts in total. Nothing was written.
 */
export function writeStartup(w: ByteWriter, {protocolVersion, parameters}: Startup): void {
  const entries: readonly (readonly [string, string])[] = isEntries(parameters)
    ? parameters
    : Object.entries(parameters);
  if (entries.some((entry) => entry[0] === '')) {
    // An empty name is the end of the list: what follows it would be lost.
    throw new ValueError('A startup parameter has an empty name', {code: 'PG_PARAMETER_INVALID'});
  }
  const mark = w.mark();
  const frame = w.beginUntagged();
  w.int32(protocolVersion);
  // Not taken apart in place: until V8 has optimised this, that makes an iterator for each.
  for (const entry of entries) {
    w.cstring(entry[0]);
    w.cstring(entry[1]);
  }
  w.int8(0);
  const sizeBytes = w.mark() - mark;
  if (sizeBytes > MAX_STARTUP_PACKET_LENGTH) {
    w.rollback(mark);
    throw new ValueError(
      `The startup parameters take ${sizeBytes} bytes; Postgres accepts ${MAX_STARTUP_PACKET_LENGTH}. ` +
        'Shorten the user, database, application name or options',
      {code: 'PG_PARAMETER_INVALID'},
    );
  }
  w.end(frame);
}

function isEntries(
  parameters: Startup['parameters'],
): parameters is readonly (readonly [string, string])[] {
  return Array.isArray(parameters);
}

/** Asks for TLS. The answer is one byte, not a message: `S` or `N`. */
export function writeSSLRequest(w: ByteWriter): void {
  writeRequestCode(w, NEGOTIATE_SSL_CODE);
}

/** Asks for GSSAPI encryption. The answer is one byte, not a message: `G` or `N`. */
export function writeGSSENCRequest(w: ByteWriter): void {
  writeRequestCode(w, NEGOTIATE_GSS_CODE);
}

function writeRequestCode(w: ByteWriter, code: number): void {
  const frame = w.beginUntagged();
  w.int32(code);
  w.end(frame);
}

/** Reads the parameters of a StartupMessage, behind its version. */
export function readStartupParameters(r: ByteReader): [name: string, value: string][] {
  r.messageName = 'StartupMessage';
  const parameters: [string, string][] = [];
  for (let name = r.cstring(); name !== ''; name = r.cstring()) {
    parameters.push([name, r.cstring()]);
  }
  r.expectEnd('StartupMessage');
  return parameters;
}

export interface NegotiateProtocolVersion {
  /** The newest version the server speaks, written as in the startup message. */
  readonly newestVersion: number;
  /** The `_pq_.` options of the startup message that it does not know. */
  readonly unrecognizedOptions: readonly string[];
}

export function writeNegotiateProtocolVersion(w: ByteWriter, m: NegotiateProtocolVersion): void {
  const frame = w.begin(BackendTag.NegotiateProtocolVersion);
  w.int32(m.newestVersion);
  w.int32(m.unrecognizedOptions.length);
  for (const option of m.unrecognizedOptions) w.cstring(option);
  w.end(frame);
}

/** @throws {ProtocolError} It is malformed. */
export function readNegotiateProtocolVersion(r: ByteReader): NegotiateProtocolVersion {
  r.messageName = 'NegotiateProtocolVersion';
  const version = r.int32();
  const count = r.int32();
  if (version < 0 || count < 0) throw r.malformed('it has a negative version or count');
  r.expectRoomFor(count, 1, 'options');
  const unrecognizedOptions: string[] = [];
  for (let index = 0; index < count; index++) unrecognizedOptions.push(r.cstring());
  r.expectEnd('NegotiateProtocolVersion');
  // The chapter says "minor version"; Postgres sends the whole one. Take both.
  const newestVersion = version < 0x1_0000 ? PROTOCOL_3_0 + version : version;
  return {newestVersion, unrecognizedOptions};
}
