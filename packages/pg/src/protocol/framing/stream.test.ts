/**
 * Properties of the whole way from bytes to messages, over random streams of messages.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';

import * as fc from 'fast-check';

import {ProtocolError, ValueError} from '../../errors';
import {ByteReader} from '../bytes/byte-reader';
import {ByteWriter} from '../bytes/byte-writer';
import {readNotificationResponse, readParameterStatus} from '../messages/asynchronous';
import {writeNotificationResponse, writeParameterStatus} from '../messages/asynchronous';
import {readAuthentication, writeAuthentication} from '../messages/authentication';
import {readBackendKeyData, writeBackendKeyData} from '../messages/cancel';
import {readCopyData, readCopyResponse, writeCopyData, writeCopyResponse} from '../messages/copy';
import {readErrorFields, writeErrorResponse, writeNoticeResponse} from '../messages/error-fields';
import {readParameterDescription, writeParameterDescription} from '../messages/extended-query';
import {
  readCommandComplete,
  readDataRow,
  readEmptyBody,
  readReadyForQuery,
  readRowDescription,
  writeCommandComplete,
  writeDataRow,
  writeEmptyBody,
  writeReadyForQuery,
  writeRowDescription,
} from '../messages/result';
import {readNegotiateProtocolVersion, writeNegotiateProtocolVersion} from '../messages/startup';
import {BackendTag, nameOfBackendTag} from '../messages/tags';
import {FrontendDecoder} from '../testing/frontend-decoder';
import {FrameDecoder} from './frame-decoder';

/** Reads the body of any message of a server, copying what would be a view. */
function readBackendMessage(tag: number, r: ByteReader): unknown {
  switch (tag) {
    case BackendTag.Authentication:
      return readAuthentication(r);
    case BackendTag.BackendKeyData:
      return readBackendKeyData(r);
    case BackendTag.CommandComplete:
      return readCommandComplete(r);
    case BackendTag.CopyData:
      return Buffer.from(readCopyData(r));
    case BackendTag.CopyInResponse:
    case BackendTag.CopyOutResponse:
    case BackendTag.CopyBothResponse:
      return readCopyResponse(r);
    case BackendTag.DataRow:
      return readDataRow(r).map((value) => value?.toString('latin1') ?? null);
    case BackendTag.ErrorResponse:
    case BackendTag.NoticeResponse:
      return readErrorFields(r);
    case BackendTag.NegotiateProtocolVersion:
      return readNegotiateProtocolVersion(r);
    case BackendTag.NotificationResponse:
      return readNotificationResponse(r);
    case BackendTag.ParameterDescription:
      return readParameterDescription(r);
    case BackendTag.ParameterStatus:
      return readParameterStatus(r);
    case BackendTag.ReadyForQuery:
      return readReadyForQuery(r);
    case BackendTag.RowDescription:
      return readRowDescription(r);
    default:
      return readEmptyBody(r, nameOfBackendTag(tag));
  }
}

/** Decodes the chunks, each of which is overwritten as soon as it was drawn. */
function decode(chunks: readonly Uint8Array[]): unknown[] {
  const decoder = new FrameDecoder();
  const reader = new ByteReader();
  const messages: unknown[] = [];
  for (const chunk of chunks) {
    const lent = Buffer.from(chunk);
    decoder.push(lent, 0, lent.length);
    while (decoder.next()) {
      reader.reset(decoder.buffer, decoder.start, decoder.end);
      messages.push([decoder.tag, readBackendMessage(decoder.tag, reader)]);
    }
    lent.fill(0x5a);
  }
  return messages;
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const offsets = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...offsets].map((start, index) =>
    bytes.subarray(start, offsets[index] ?? bytes.length),
  );
}

const text = fc
  .string({unit: 'grapheme', maxLength: 40})
  .map((value) => value.replaceAll('\0', ''));
const bytes = fc.uint8Array({maxLength: 300}).map((value) => Buffer.from(value));
const oid = fc.nat(0xffffffff);
const format = fc.constantFrom(0, 1);
const column = fc.record({
  name: text,
  tableOid: oid,
  columnNumber: fc.integer({min: -32_768, max: 32_767}),
  typeOid: oid,
  typeSize: fc.integer({min: -32_768, max: 32_767}),
  typeModifier: fc.integer(),
  format,
});

type Write = (w: ByteWriter) => void;

/** Writers of one random message of a server each. */
const backendMessage: fc.Arbitrary<Write> = fc.oneof(
  fc.array(fc.option(bytes), {maxLength: 8}).map(
    (row): Write =>
      (w) =>
        writeDataRow(w, row),
  ),
  bytes.map(
    (row): Write =>
      (w) =>
        writeDataRow(
          w,
          Array.from({length: 400}, () => row),
        ),
  ),
  fc.array(column, {maxLength: 5}).map(
    (columns): Write =>
      (w) =>
        writeRowDescription(w, columns),
  ),
  text.map(
    (tag): Write =>
      (w) =>
        writeCommandComplete(w, tag),
  ),
  fc.constantFrom('I', 'T', 'E').map(
    (status): Write =>
      (w) =>
        writeReadyForQuery(w, status),
  ),
  fc.array(oid, {maxLength: 9}).map(
    (oids): Write =>
      (w) =>
        writeParameterDescription(w, oids),
  ),
  fc.tuple(text, text).map(
    ([name, value]): Write =>
      (w) =>
        writeParameterStatus(w, name, value),
  ),
  fc.record({processId: oid, channel: text, payload: text}).map(
    (notification): Write =>
      (w) =>
        writeNotificationResponse(w, notification),
  ),
  fc.record({message: text, code: text, detail: text}).map(
    (fields): Write =>
      (w) =>
        writeErrorResponse(w, fields),
  ),
  text.map(
    (message): Write =>
      (w) =>
        writeNoticeResponse(w, {message}),
  ),
  bytes.map(
    (data): Write =>
      (w) =>
        writeCopyData(w, data),
  ),
  fc.record({format, columnFormats: fc.array(format, {maxLength: 4})}).map(
    (response): Write =>
      (w) =>
        writeCopyResponse(w, BackendTag.CopyInResponse, response),
  ),
  fc.uint8Array({minLength: 4, maxLength: 256}).map(
    (key): Write =>
      (w) =>
        writeBackendKeyData(w, 1, key),
  ),
  bytes.map(
    (data): Write =>
      (w) =>
        writeAuthentication(w, {kind: 'saslContinue', data}),
  ),
  fc.array(text, {maxLength: 3}).map(
    (unrecognizedOptions): Write =>
      (w) =>
        writeNegotiateProtocolVersion(w, {newestVersion: 0x30000, unrecognizedOptions}),
  ),
  fc
    .constantFrom(
      BackendTag.ParseComplete,
      BackendTag.BindComplete,
      BackendTag.CloseComplete,
      BackendTag.NoData,
      BackendTag.PortalSuspended,
      BackendTag.EmptyQueryResponse,
    )
    .map(
      (tag): Write =>
        (w) =>
          writeEmptyBody(w, tag),
    ),
);

const stream = fc.array(backendMessage, {maxLength: 12}).map((writes) => {
  const w = new ByteWriter(256);
  for (const write of writes) write(w);
  return w.take();
});

test('decoding does not depend on how TCP cut the stream', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), {maxLength: 20}), (sent, places) => {
      assert.deepEqual(decode(cutAt(sent, places)), decode([sent]));
    }),
    {numRuns: 400},
  );
});

test('whatever the bytes, nothing but a ProtocolError comes out, and no wait', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), {minLength: 1, maxLength: 6});
  fc.assert(
    fc.property(stream, damage, fc.array(fc.nat(), {maxLength: 4}), (sent, changes, places) => {
      const damaged = Buffer.from(sent);
      for (const [place, byte] of changes) damaged[place % Math.max(1, damaged.length)] = byte;
      try {
        decode(cutAt(damaged, places));
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
    {numRuns: 2000, seed: 20_260_801},
  );
});

test('the decoder of a client, too, lets nothing but a ProtocolError out', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 80}), fc.boolean(), (given, isTagged) => {
      const decoder = new FrontendDecoder(isTagged ? 'tagged' : 'startup');
      try {
        decoder.receive(given.map((byte, index) => (index % 5 < 4 && byte > 40 ? 0 : byte)));
      } catch (error) {
        assert.ok(error instanceof ProtocolError || error instanceof ValueError, String(error));
      }
    }),
    {numRuns: 2000, seed: 20_260_801},
  );
});
