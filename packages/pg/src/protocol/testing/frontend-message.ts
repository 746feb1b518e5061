/**
 * What a client sends, as values, for the tests that look at it.
 */
import type {ByteReader} from '../bytes/byte-reader';
import {readBind} from '../messages/bind';
import type {Bind} from '../messages/bind';
import {readCancelRequest} from '../messages/cancel';
import type {BackendKeyData} from '../messages/cancel';
import {readCopyData, readCopyFail} from '../messages/copy';
import {readClose, readDescribe, readExecute, readParse} from '../messages/extended-query';
import type {Execute, Parse, Target} from '../messages/extended-query';
import {readEmptyBody} from '../messages/result';
import {readQuery} from '../messages/simple-query';
import {
  CANCEL_REQUEST_CODE,
  NEGOTIATE_GSS_CODE,
  NEGOTIATE_SSL_CODE,
  readStartupParameters,
} from '../messages/startup';
import {FrontendTag, nameOfFrontendTag} from '../messages/tags';

export type StartupPacket =
  | {readonly kind: 'SSLRequest'}
  | {readonly kind: 'GSSENCRequest'}
  | ({readonly kind: 'CancelRequest'} & BackendKeyData)
  | {
      readonly kind: 'StartupMessage';
      readonly protocolVersion: number;
      readonly parameters: readonly (readonly [name: string, value: string])[];
    };

export type FrontendMessage =
  | StartupPacket
  | ({readonly kind: 'Bind'} & Bind)
  | ({readonly kind: 'Parse'} & Parse)
  | ({readonly kind: 'Execute'} & Execute)
  | {readonly kind: 'Describe' | 'Close'; readonly target: Target}
  | {readonly kind: 'Query'; readonly text: string}
  | {readonly kind: 'CopyData'; readonly data: Buffer}
  | {readonly kind: 'CopyFail'; readonly reason: string}
  /** What it is depends on the request it answers: read it with `readPassword`, `readSASLInitialResponse` … */
  | {readonly kind: 'PasswordMessage'; readonly body: Buffer}
  | {readonly kind: 'Sync' | 'Flush' | 'Terminate' | 'CopyDone'};

/** Reads a packet that has no tag. */
export function readStartupPacket(r: ByteReader): StartupPacket {
  r.messageName = 'StartupMessage';
  const code = r.int32();
  switch (code) {
    case NEGOTIATE_SSL_CODE:
      r.expectEnd('SSLRequest');
      return {kind: 'SSLRequest'};
    case NEGOTIATE_GSS_CODE:
      r.expectEnd('GSSENCRequest');
      return {kind: 'GSSENCRequest'};
    case CANCEL_REQUEST_CODE:
      return {kind: 'CancelRequest', ...readCancelRequest(r)};
    default:
      return {
        kind: 'StartupMessage',
        protocolVersion: code,
        parameters: readStartupParameters(r),
      };
  }
}

/** Reads the body of a message that has this tag. */
export function readFrontendMessage(tag: number, r: ByteReader): FrontendMessage {
  switch (tag) {
    case FrontendTag.Bind:
      return {kind: 'Bind', ...readBind(r)};
    case FrontendTag.Close:
      return {kind: 'Close', target: readClose(r)};
    case FrontendTag.CopyData:
      return {kind: 'CopyData', data: Buffer.from(readCopyData(r))};
    case FrontendTag.CopyFail:
      return {kind: 'CopyFail', reason: readCopyFail(r)};
    case FrontendTag.Describe:
      return {kind: 'Describe', target: readDescribe(r)};
    case FrontendTag.Execute:
      return {kind: 'Execute', ...readExecute(r)};
    case FrontendTag.Parse:
      return {kind: 'Parse', ...readParse(r)};
    case FrontendTag.PasswordMessage:
      return {kind: 'PasswordMessage', body: Buffer.from(r.bytes(r.remaining()))};
    case FrontendTag.Query:
      return {kind: 'Query', text: readQuery(r)};
    case FrontendTag.CopyDone:
      return empty(r, 'CopyDone');
    case FrontendTag.Flush:
      return empty(r, 'Flush');
    case FrontendTag.Sync:
      return empty(r, 'Sync');
    case FrontendTag.Terminate:
      return empty(r, 'Terminate');
    default:
      throw r.malformed(`the client sent ${nameOfFrontendTag(tag)}`);
  }
}

function empty(r: ByteReader, kind: 'Sync' | 'Flush' | 'Terminate' | 'CopyDone'): FrontendMessage {
  readEmptyBody(r, kind);
  return {kind};
}
