/**
 * The authentication requests of the server and what a client answers to them.
 *
 * It does not decide which request to answer, and computes no proof: see `../auth`.
 * Codes are named `AUTH_REQ_*` in Postgres' `libpq/protocol.h`.
 */
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {BackendTag, FrontendTag} from './tags';

const AuthenticationCode = {
  Ok: 0,
  CleartextPassword: 3,
  MD5Password: 5,
  SASL: 10,
  SASLContinue: 11,
  SASLFinal: 12,
} as const;

const unsupportedNames: ReadonlyMap<number, string> = new Map([
  [1, 'Kerberos V4'],
  [2, 'Kerberos V5'],
  [4, 'crypt password'],
  [6, 'SCM credentials'],
  [7, 'GSSAPI'],
  [8, 'GSSAPI (continued)'],
  [9, 'SSPI'],
]);

export type Authentication =
  | {readonly kind: 'ok'}
  | {readonly kind: 'cleartext'}
  | {readonly kind: 'md5'; readonly salt: Buffer}
  | {readonly kind: 'sasl'; readonly mechanisms: readonly string[]}
  | {readonly kind: 'saslContinue'; readonly data: Buffer}
  | {readonly kind: 'saslFinal'; readonly data: Buffer}
  /** A method that this client does not speak; `name` is for an error message. */
  | {readonly kind: 'unsupported'; readonly name: string};

/**
 * Salts and data are copies: they outlive the frame.
 * @throws {ProtocolError} It is malformed.
 */
export function readAuthentication(r: ByteReader): Authentication {
  r.messageName = 'Authentication';
  const code = r.int32();
  switch (code) {
    case AuthenticationCode.Ok:
      r.expectEnd('AuthenticationOk');
      return {kind: 'ok'};
    case AuthenticationCode.CleartextPassword:
      r.expectEnd('AuthenticationCleartextPassword');
      return {kind: 'cleartext'};
    case AuthenticationCode.MD5Password: {
      const salt = Buffer.from(r.bytes(4));
      r.expectEnd('AuthenticationMD5Password');
      return {kind: 'md5', salt};
    }
    case AuthenticationCode.SASL:
      return {kind: 'sasl', mechanisms: readMechanisms(r)};
    case AuthenticationCode.SASLContinue:
      return {kind: 'saslContinue', data: Buffer.from(r.bytes(r.remaining()))};
    case AuthenticationCode.SASLFinal:
      return {kind: 'saslFinal', data: Buffer.from(r.bytes(r.remaining()))};
    default:
      return {kind: 'unsupported', name: unsupportedNames.get(code) ?? `request ${code}`};
  }
}

function readMechanisms(r: ByteReader): string[] {
  r.messageName = 'AuthenticationSASL';
  const mechanisms: string[] = [];
  for (let name = r.cstring(); name !== ''; name = r.cstring()) mechanisms.push(name);
  r.expectEnd('AuthenticationSASL');
  return mechanisms;
}

export function writeAuthentication(w: ByteWriter, request: Authentication): void {
  const frame = w.begin(BackendTag.Authentication);
  switch (request.kind) {
    case 'ok':
      w.int32(AuthenticationCode.Ok);
      break;
    case 'cleartext':
      w.int32(AuthenticationCode.CleartextPassword);
      break;
    case 'md5':
      w.int32(AuthenticationCode.MD5Password);
      w.bytes(request.salt);
      break;
    case 'sasl':
      w.int32(AuthenticationCode.SASL);
      for (const mechanism of request.mechanisms) w.cstring(mechanism);
      w.int8(0);
      break;
    case 'saslContinue':
      w.int32(AuthenticationCode.SASLContinue);
      w.bytes(request.data);
      break;
    case 'saslFinal':
      w.int32(AuthenticationCode.SASLFinal);
      w.bytes(request.data);
      break;
    case 'unsupported':
      // GSSAPI stands for all of them.
      w.int32(7);
      break;
  }
  w.end(frame);
}

/**
 * The password, or its MD5 response, as it is.
 * @throws {ValueError} `PG_PARAMETER_INVALID`: NUL or a lone surrogate in it. Nothing was written.
 */
export function writePassword(w: ByteWriter, password: string): void {
  const frame = w.begin(FrontendTag.PasswordMessage);
  w.cstring(password);
  w.end(frame);
}

export function readPassword(r: ByteReader): string {
  r.messageName = 'PasswordMessage';
  const password = r.cstring();
  r.expectEnd('PasswordMessage');
  return password;
}

export function writeSASLInitialResponse(w: ByteWriter, mechanism: string, data: Uint8Array): void {
  const frame = w.begin(FrontendTag.PasswordMessage);
  w.cstring(mechanism);
  w.int32(data.length);
  w.bytes(data);
  w.end(frame);
}

export interface SASLInitialResponse {
  readonly mechanism: string;
  /** Null: the client leaves the first word to the server. */
  readonly data: Buffer | null;
}

export function readSASLInitialResponse(r: ByteReader): SASLInitialResponse {
  r.messageName = 'SASLInitialResponse';
  const mechanism = r.cstring();
  const length = r.int32();
  const data = length === -1 ? null : Buffer.from(r.bytes(length));
  r.expectEnd('SASLInitialResponse');
  return {mechanism, data};
}

export function writeSASLResponse(w: ByteWriter, data: Uint8Array): void {
  const frame = w.begin(FrontendTag.PasswordMessage);
  w.bytes(data);
  w.end(frame);
}

export function readSASLResponse(r: ByteReader): Buffer {
  r.messageName = 'SASLResponse';
  return Buffer.from(r.bytes(r.remaining()));
}
