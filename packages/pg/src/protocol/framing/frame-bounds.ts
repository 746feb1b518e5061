/**
 * How long a frame of each type may be, for a decoder to look up by tag.
 *
 * Zero stands for a tag that no message has: every length is over it.
 */
import {BackendTag} from '../messages/tags';

/** Postgres allocates no more than MaxAllocSize for one value, so no honest message is longer. */
export const DEFAULT_MAX_FRAME_BYTES = 0x3fff_ffff;

/** What libpq allows for the messages that have no reason to be long (pqParseInput3). */
export const SHORT_FRAME_BYTES = 30_000;

// libpq's VALID_LONG_MESSAGE_TYPE, and two more that honest servers make long: ParameterDescription has
// 262,146 bytes for 65,535 parameters, and a ParameterStatus carries a setting of any length.
const longTags: ReadonlySet<number> = new Set([
  BackendTag.RowDescription,
  BackendTag.DataRow,
  BackendTag.CopyData,
  BackendTag.FunctionCallResponse,
  BackendTag.ErrorResponse,
  BackendTag.NoticeResponse,
  BackendTag.NotificationResponse,
  BackendTag.ParameterDescription,
  BackendTag.ParameterStatus,
]);

const MAX_KNOWN = 8;
const known = new Map<number, Uint32Array>();

/** The longest length word that is accepted, by tag, for what a server sends. Shared: not to be written to. */
export function backendFrameBounds(maxFrameBytes: number): Uint32Array {
  const shared = known.get(maxFrameBytes);
  if (shared !== undefined) return shared;
  const bounds = new Uint32Array(256);
  for (const tag of Object.values(BackendTag)) {
    bounds[tag] = longTags.has(tag) ? maxFrameBytes : Math.min(SHORT_FRAME_BYTES, maxFrameBytes);
  }
  // Connections nearly all have the default; somebody who varies it must not fill the memory.
  if (known.size < MAX_KNOWN) known.set(maxFrameBytes, bounds);
  return bounds;
}
