/**
 * Asks the server for nothing but an answer: a Sync, to which ReadyForQuery is all there is to say.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 *
 * It touches neither the session nor a transaction, and costs the server no parsing.
 */
import {ProtocolError} from '../../errors';
import {nameOfBackendTag, writeSync} from '../../protocol';
import type {Exchange, ExchangeSession, Outcome} from '../session/exchange';
import {Phase} from '../session/phase';

export class Ping implements Exchange {
  readonly #done: (answered: boolean) => void;

  /** `done` is called once, with whether there was an answer. */
  constructor(done: (answered: boolean) => void) {
    this.#done = done;
  }

  write({writer}: ExchangeSession): Phase {
    writeSync(writer);
    return Phase.syncing;
  }

  row(): void {
    throw new ProtocolError('DataRow does not answer a Sync');
  }

  receive(tag: number): Phase {
    throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer a Sync`);
  }

  /** ReadyForQuery follows, and is an answer. */
  failed(): void {}

  ready(): Outcome {
    this.#done(true);
    return 'done';
  }

  lost(): void {
    this.#done(false);
  }
}
