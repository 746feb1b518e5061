/**
 * One connection that listens, from being opened to its loss: LISTEN, UNLISTEN and the questions whose
 * answers say what is in effect.
 *
 * LISTEN having succeeded is not taken for the session listening: only the list of channels that the same
 * session gives afterwards is, and every heartbeat asks for it anew.
 */
import {SimpleQuery} from '../../connection';
import type {Connection} from '../../connection';
import {ConnectionError, ProtocolError} from '../../errors';
import type {Clock} from '../../pool';
import {quoteChannel} from './channel-name';
import {DeliveryProof} from './delivery-proof';
import {Heartbeat} from './heartbeat';
import type {Notification} from './notification';
import {STATE_QUESTION, readState} from './state-of-session';
import type {SessionState} from './state-of-session';

export interface ListeningEnvironment {
  readonly clock: Clock;
  readonly random: () => number;
  /** `Date.now`, for what programs are told. */
  readonly timeOfDay: () => number;
  readonly heartbeatMilliseconds: number;
  /** Notifies from a connection of the pool. */
  readonly notify: (channel: string) => Promise<unknown>;
}

export interface ListeningEvents {
  /** The server listens to these. Nothing that was notified before `askedAt` was missed. */
  confirmed(channels: readonly string[], askedAt: number): void;
  /** LISTEN failed, and the session goes on. */
  refused(channel: string, error: Error): void;
  /** This server will never send notifications. The connection is destroyed right after. */
  unfit(error: Error): void;
}

export class ListeningSession {
  readonly connection: Connection;
  readonly openedAt: number;
  readonly #environment: ListeningEnvironment;
  readonly #events: ListeningEvents;
  readonly #heartbeat: Heartbeat;
  /** Channels to which LISTEN was sent, with the number of that LISTEN: an older answer says nothing of it. */
  readonly #asked = new Map<string, number>();
  #lastNumber = 0;
  #askingSoon = false;
  #delivers = false;
  #proof: DeliveryProof | undefined;

  constructor(connection: Connection, environment: ListeningEnvironment, events: ListeningEvents) {
    this.connection = connection;
    this.openedAt = environment.clock.now();
    this.#environment = environment;
    this.#events = events;
    this.#heartbeat = new Heartbeat(environment.clock, environment.heartbeatMilliseconds, {
      due: () => this.#ask(),
      silent: (milliseconds) =>
        connection.destroy(
          new ConnectionError(
            `no answer within ${milliseconds} ms (listenHeartbeatMilliseconds) on the connection that listens`,
            {code: 'PG_CONNECTION_LOST'},
          ),
        ),
    });
  }

  listen(channel: string): void {
    this.#asked.set(channel, ++this.#lastNumber);
    this.#run(`LISTEN ${quoteChannel(channel)}`, (error) => {
      if (error === undefined) return;
      this.#asked.delete(channel);
      this.#events.refused(channel, error);
    });
    this.#askSoon();
  }

  /** Resolves when the server has answered, or is gone. */
  unlisten(channel: string): Promise<void> {
    this.#asked.delete(channel);
    return new Promise((resolve) => {
      this.connection.send(new SimpleQuery(`UNLISTEN ${quoteChannel(channel)}`, () => resolve()));
    });
  }

  /** Ends the session in order. Resolves when the connection is closed. */
  close(): Promise<void> {
    this.stop();
    const {connection} = this;
    return new Promise((resolve) => {
      if (connection.phase === 'closed') return resolve();
      connection.whenClosed = resolve;
      connection.close();
    });
  }

  /** Ends its timers. */
  stop(): void {
    this.#heartbeat.stop();
    this.#proof?.stop();
  }

  /** A notification came. False: it was not meant for the program. */
  hear(notification: Notification): boolean {
    this.#heartbeat.heard();
    if (notification.channel !== this.#proof?.channel) return true;
    this.#proof.arrived();
    return false;
  }

  #run(text: string, done: (error: Error | undefined) => void): void {
    this.connection.send(
      new SimpleQuery(text, (error) => {
        // What ends with the connection is told by its end.
        if (this.connection.phase === 'open') done(error);
      }),
    );
  }

  /** One question for all channels of one turn. */
  #askSoon(): void {
    if (this.#askingSoon) return;
    this.#askingSoon = true;
    queueMicrotask(() => {
      this.#askingSoon = false;
      this.#ask();
    });
  }

  #ask(): void {
    const {connection} = this;
    const number = this.#lastNumber;
    const askedAt = this.#environment.timeOfDay();
    let values: readonly (string | null)[] = [];
    this.#heartbeat.asked();
    connection.send(
      new SimpleQuery(
        STATE_QUESTION,
        (error) => {
          if (connection.phase !== 'open') return;
          this.#heartbeat.answered();
          if (error !== undefined) connection.destroy(error);
          else this.#answered(values, number, askedAt);
        },
        (row) => {
          values = row;
        },
      ),
    );
  }

  #answered(values: readonly (string | null)[], number: number, askedAt: number): void {
    const {connection} = this;
    let state: SessionState;
    try {
      state = readState(values);
    } catch (error) {
      return connection.destroy(error instanceof Error ? error : new ProtocolError(String(error)));
    }
    const confirmed: string[] = [];
    for (const [channel, listenNumber] of this.#asked) {
      if (listenNumber > number) continue;
      if (state.channels.has(channel)) confirmed.push(channel);
      else return connection.destroy(this.#forgotten(channel));
    }
    this.#delivers ||= state.processId === connection.backendKey?.processId;
    if (this.#delivers) this.#events.confirmed(confirmed, askedAt);
    else if (this.#proof === undefined) this.#prove();
  }

  #forgotten(channel: string): ConnectionError {
    return new ConnectionError(
      `the session on ${this.connection.target} does not listen to ${JSON.stringify(channel)} any more; is there a pooler in between that gives its connections to several clients?`,
      {code: 'PG_CONNECTION_LOST'},
    );
  }

  #prove(): void {
    const {clock, random, notify} = this.#environment;
    const proof = new DeliveryProof({
      channel: `databases_pg_proof_${random().toString(36).slice(2)}`,
      target: this.connection.target,
      clock,
      notify,
      ended: (error) => {
        if (this.connection.phase !== 'open') return;
        if (error === undefined) {
          this.#delivers = true;
          void this.unlisten(proof.channel);
          return this.#ask();
        }
        this.#events.unfit(error);
        this.connection.destroy(error);
      },
    });
    this.#proof = proof;
    this.#run(`LISTEN ${quoteChannel(proof.channel)}`, (error) => {
      if (error === undefined) proof.start();
      else this.connection.destroy(error);
    });
  }
}
