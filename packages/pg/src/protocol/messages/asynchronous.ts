/**
 * What the server sends whenever it likes: ParameterStatus and NotificationResponse.
 *
 * NoticeResponse, the third one, has the body of an ErrorResponse: see `error-fields.ts`.
 */
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {BackendTag} from './tags';

/** A setting that the server reports (`GUC_REPORT`), at start-up and on every change. */
export interface ParameterStatus {
  readonly name: string;
  readonly value: string;
}

/** @throws {ProtocolError} It is malformed. */
export function readParameterStatus(r: ByteReader): ParameterStatus {
  r.messageName = 'ParameterStatus';
  const name = r.cstring();
  const value = r.cstring();
  r.expectEnd('ParameterStatus');
  return {name, value};
}

export function writeParameterStatus(w: ByteWriter, name: string, value: string): void {
  const frame = w.begin(BackendTag.ParameterStatus);
  w.cstring(name);
  w.cstring(value);
  w.end(frame);
}

/** What a NOTIFY sent to a channel that this session listens to. */
export interface NotificationResponse {
  /** The backend that notified. */
  readonly processId: number;
  readonly channel: string;
  readonly payload: string;
}

/** @throws {ProtocolError} It is malformed. */
export function readNotificationResponse(r: ByteReader): NotificationResponse {
  r.messageName = 'NotificationResponse';
  const processId = r.uint32();
  const channel = r.cstring();
  const payload = r.cstring();
  r.expectEnd('NotificationResponse');
  return {processId, channel, payload};
}

export function writeNotificationResponse(w: ByteWriter, notification: NotificationResponse): void {
  const frame = w.begin(BackendTag.NotificationResponse);
  w.uint32(notification.processId);
  w.cstring(notification.channel);
  w.cstring(notification.payload);
  w.end(frame);
}
