/**
 * Writes text of which it would be a waste to reserve three bytes per character: first into as many bytes as it
 * has characters, which is all for ASCII, then the rest into what the part before lets expect.
 *
 * It knows neither frames nor which text is allowed: `hasReplacement` helps to find that out.
 */

const encoder = new TextEncoder();

/** U+FFFD, which stands in UTF-8 where half a surrogate pair was. */
const REPLACEMENT = Buffer.from('\uFFFD');

/** Room for the longest character and its neighbours, so that each step goes forward. */
const LEAST_ROOM_BYTES = 64;

export interface Room {
  /** At least `sizeBytes` of memory behind what is written; more of it is used if it is there. */
  roomFor(sizeBytes: number): Uint8Array;
  wrote(sizeBytes: number): void;
}

export function writeLargeText(text: string, room: Room): void {
  let rest = text;
  let sizeBytes = text.length;
  for (;;) {
    const {read, written} = encoder.encodeInto(rest, room.roomFor(sizeBytes));
    room.wrote(written);
    if (read === rest.length) return;
    rest = rest.slice(read);
    const perCharacter = read === 0 ? 3 : written / read;
    sizeBytes = Math.ceil(rest.length * perCharacter) + LEAST_ROOM_BYTES;
  }
}

/** Whether a U+FFFD is in the UTF-8: of the text itself, or of an encoder that met what it could not write. */
export function hasReplacement(utf8: Buffer): boolean {
  return utf8.includes(REPLACEMENT);
}
