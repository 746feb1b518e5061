/**
 * The least server there is, in this process: gives every query the same row, without reading what it says. For
 * measuring what the client does, without the kernel and a server.
 *
 * It knows the protocol well enough to answer each message that wants an answer, and nothing of SQL.
 */
import {Duplex} from 'node:stream';
import {int16, int32, message} from '../wire-bytes';

const TEXT = 25;
const INT4 = 23;
/** table, attribute, type, size, modifier, format. */
const column = Buffer.concat([
  Buffer.from('a\0'),
  int32(0),
  int16(0),
  int32(TEXT),
  int16(-1),
  int32(-1),
  int16(0),
]);
const ready = message('Z', Buffer.from('I'));
const parameter = (name: string, value: string) => message('S', Buffer.from(`${name}\0${value}\0`));
const greeting = Buffer.concat([
  message('R', int32(0)),
  parameter('server_version', '18.0'),
  parameter('client_encoding', 'UTF8'),
  parameter('DateStyle', 'ISO, MDY'),
  parameter('IntervalStyle', 'postgres'),
  parameter('TimeZone', 'UTC'),
  parameter('integer_datetimes', 'on'),
  parameter('standard_conforming_strings', 'on'),
  message('K', Buffer.concat([int32(1), int32(1)])),
  ready,
]);

const answers: Readonly<Record<string, Buffer>> = {
  P: message('1'),
  B: message('2'),
  D: Buffer.concat([
    message('t', Buffer.concat([int16(1), int32(INT4)])),
    message('T', Buffer.concat([int16(1), column])),
  ]),
  E: Buffer.concat([
    message('D', Buffer.concat([int16(1), int32(1), Buffer.from('x')])),
    message('C', Buffer.from('SELECT 1\0')),
  ]),
  C: message('3'),
  S: ready,
};

/** What is given for the option `socket`. Its queries have one parameter, an int4, and one row of one text. */
export class AnsweringSocket extends Duplex {
  #greeted = false;

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const parts: Buffer[] = [];
    let at = 0;
    if (!this.#greeted) {
      this.#greeted = true;
      at = bytes.readInt32BE(0);
      parts.push(greeting);
    }
    // Messages come whole: the client writes them in one piece.
    while (at < bytes.length) {
      const answer = answers[String.fromCharCode(bytes[at] ?? 0)];
      if (answer !== undefined) parts.push(answer);
      at += 1 + bytes.readInt32BE(at + 1);
    }
    // Not before the write has ended, as from a network.
    setImmediate(() => this.push(Buffer.concat(parts)));
    done();
  }
}
