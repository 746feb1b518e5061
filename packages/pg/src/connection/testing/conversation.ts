/**
 * Half of a conversation for a fuzzer: a session, or the start of one, with all that it asks a server for.
 * Bytes of a server go in; what should come out is nothing but a ProtocolError.
 *
 * It asks the same again each time, so that the answers of a real server can be recorded once and be given to
 * it changed. It has no sockets; what it wrote is there for the recorder.
 *
 * Invariant: after `end`, every exchange was ended exactly once, or `end` throws.
 */
import type {PgError} from '../../errors';
import {ByteWriter, FrameDecoder} from '../../protocol';
import {Session} from '../session/session';
import {PreparedStatements} from '../statements/prepared-statements';
import {conversations} from './conversations';
import type {Conversation, Half} from './half';
import {startOf} from './start-of-session';
import type {StartKind} from './start-of-session';

export const conversationNames: readonly string[] = [
  'start',
  'start-scram',
  ...Object.keys(conversations),
];

const isStart = (name: string): name is StartKind => name === 'start' || name === 'start-scram';

export function halfOf(name: string): Half {
  if (isStart(name)) return startOf(name);
  const asked = conversations[name];
  if (asked === undefined) throw new Error(`there is no conversation ${name}`);
  return new SessionHalf(asked());
}

class SessionHalf implements Half {
  readonly #writer = new ByteWriter();
  readonly #session: Session;
  readonly #conversation: Conversation;
  readonly #outcomes: string[] = [];
  #asked = 0;
  #heard = 0;

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    this.#session = new Session(
      this.#writer,
      new FrameDecoder(),
      new PreparedStatements(100),
      new Map(),
      {
        exchangeEnded: () => this.#askNext(),
        wrote: () => undefined,
        notice: (fields) => this.#hear(fields.message),
        notification: ({channel, payload}) => this.#hear(`${channel} ${payload}`),
      },
    );
    this.#askNext();
  }

  get done(): boolean {
    return this.#asked === this.#conversation.length && this.#session.inFlight === 0;
  }

  receive(bytes: Buffer): void {
    this.#session.receive(bytes, 0, bytes.length);
  }

  take(): Buffer {
    return this.#writer.take();
  }

  end(reason: PgError): readonly string[] {
    const left = this.#session.inFlight;
    this.#session.abandon(() => reason);
    if (this.#session.inFlight > 0) throw new Error(`${left} were in flight and some still are`);
    const settled = this.#outcomes.filter((outcome) => outcome !== '').length;
    if (settled !== this.#asked) throw new Error(`${settled} of ${this.#asked} ended`);
    return [...this.#outcomes, `heard ${this.#heard}`];
  }

  #hear(text: string): void {
    this.#heard += text.length;
  }

  #askNext(): void {
    const next = this.#conversation[this.#asked];
    if (next === undefined || this.#session.inFlight > 0) return;
    const index = this.#asked++;
    this.#outcomes[index] = '';
    const settle = (outcome: string): void => {
      if (this.#outcomes[index] !== '') throw new Error(`exchange ${index} ended twice`);
      this.#outcomes[index] = `ended: ${outcome}`;
    };
    this.#session.send(next(settle, this.#writer));
  }
}
