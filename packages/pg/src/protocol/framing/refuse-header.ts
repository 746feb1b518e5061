/**
 * Puts into words why five bytes are not the header of a frame.
 *
 * Server text is shown only where it is the first thing on the connection: later on, bytes that are out of
 * step may be rows, and rows do not belong into error messages.
 */
import {ProtocolError} from '../../errors';
import {nameOfBackendTag} from '../messages/tags';

const MAX_SHOWN_CHARACTERS = 200;

function isPrintable(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= 0x20 && byte <= 0x7e;
}

/** The printable ASCII at the start of the bytes, line breaks as spaces. */
function leadingText(bytes: Buffer): string {
  let text = '';
  for (const byte of bytes) {
    if (text.length === MAX_SHOWN_CHARACTERS) break;
    if (isPrintable(byte)) text += String.fromCharCode(byte);
    else if (byte === 0x0a || byte === 0x0d || byte === 0x09) text += ' ';
    else break;
  }
  return text.trim();
}

/** Whether what should be the length of a frame is four characters of a text. */
function isTextForLength(bytes: Buffer): boolean {
  return [1, 2, 3, 4].every((index) => isPrintable(bytes[index]));
}

/**
 * The error for a header that cannot be one.
 * @param received Everything at hand, from the tag on.
 * @param isFirst No frame came before it on this connection.
 * @param maxBytes The bound for this tag; 0 for a tag that no message has.
 */
export function refuseHeader(received: Buffer, isFirst: boolean, maxBytes: number): ProtocolError {
  const tag = received[0] ?? 0;
  if (isFirst && isTextForLength(received)) {
    // Servers before protocol 3.0, and postmasters that cannot fork, send 'E' and a text without a length.
    const text = leadingText(tag === 0x45 ? received.subarray(1) : received);
    return new ProtocolError(
      `The server sent text that is not the Postgres protocol: ${JSON.stringify(text)}. ` +
        'Check that host and port are those of a Postgres server, and its log',
    );
  }
  const name = nameOfBackendTag(tag);
  if (maxBytes === 0) {
    return new ProtocolError(
      `Lost synchronization with the server: no message has the type ${name}`,
    );
  }
  const length = received.readInt32BE(1);
  return new ProtocolError(
    `Lost synchronization with the server: ${name} with a length of ${length} bytes ` +
      (length < 4 ? '(the length counts itself: 4 or more)' : `(at most ${maxBytes} are accepted)`),
  );
}
