/**
 * Canceling Requests in Progress: the key that the server hands out, and the request that shows it again on
 * a connection of its own.
 *
 * The key is 4 bytes in protocol 3.0 and up to 256 from 3.2 on; it is a secret.
 */
import {ValueError} from '../../errors';
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {CANCEL_REQUEST_CODE} from './startup';
import {BackendTag} from './tags';

const MIN_KEY_BYTES = 4;
const MAX_KEY_BYTES = 256;

export interface BackendKeyData {
  readonly processId: number;
  readonly secretKey: Buffer;
}

/**
 * Asks the server to cancel what the backend with this key is doing. There is no answer: the server closes.
 * @throws {ValueError} `PG_PARAMETER_INVALID`: the key is not 4 to 256 bytes long. Nothing was written.
 */
export function writeCancelRequest(w: ByteWriter, processId: number, secretKey: Uint8Array): void {
  checkKeyLength(secretKey);
  const frame = w.beginUntagged();
  w.int32(CANCEL_REQUEST_CODE);
  w.uint32(processId);
  w.bytes(secretKey);
  w.end(frame);
}

/** Reads a CancelRequest behind its code. */
export function readCancelRequest(r: ByteReader): BackendKeyData {
  return readKey(r, 'CancelRequest');
}

export function writeBackendKeyData(w: ByteWriter, processId: number, secretKey: Uint8Array): void {
  checkKeyLength(secretKey);
  const frame = w.begin(BackendTag.BackendKeyData);
  w.uint32(processId);
  w.bytes(secretKey);
  w.end(frame);
}

/**
 * The key is a copy: it outlives the frame.
 * @throws {ProtocolError} It is malformed, or its key is not 4 to 256 bytes long.
 */
export function readBackendKeyData(r: ByteReader): BackendKeyData {
  return readKey(r, 'BackendKeyData');
}

function readKey(r: ByteReader, messageName: string): BackendKeyData {
  r.messageName = messageName;
  const processId = r.uint32();
  const keyBytes = r.remaining();
  if (keyBytes < MIN_KEY_BYTES || keyBytes > MAX_KEY_BYTES) {
    throw r.malformed(
      `its key has ${keyBytes} bytes, which is not ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES}`,
    );
  }
  return {processId, secretKey: Buffer.from(r.bytes(keyBytes))};
}

function checkKeyLength(secretKey: Uint8Array): void {
  if (secretKey.length < MIN_KEY_BYTES || secretKey.length > MAX_KEY_BYTES) {
    throw new ValueError(
      `A cancel key has ${MIN_KEY_BYTES} to ${MAX_KEY_BYTES} bytes, not ${secretKey.length}`,
      {code: 'PG_PARAMETER_INVALID'},
    );
  }
}
