/**
 * One connection: a session on a transport. It moves bytes between the two, decides when they are
 * flushed, keeps the process alive while work is in flight, and ends what is in flight when it breaks.
 *
 * It knows nothing of pools and has no deadlines: whoever sends an exchange decides how long to wait.
 *
 * Invariants: `closed` of its events is called exactly once; after it no exchange is left unanswered.
 */
import type {ResolvedPoolOptions} from '../config';
import {ProtocolError} from '../errors';
import type {DatabaseErrorFields, Sent} from '../errors';
import {LARGE_CHUNK_BYTES, writeTerminate} from '../protocol';
import type {BackendKeyData, ByteWriter, FrameDecoder, NotificationResponse} from '../protocol';
import {Cancellation} from './cancellation';
import {lostError} from './connection-loss';
import {exitHook} from './end-at-exit';
import {Ping} from './exchanges/ping';
import type {FlushQueue} from './flush-queue';
import type {Host} from './hosts/hosts';
import {largeChunks} from './memory/large-chunks';
import type {Exchange} from './session/exchange';
import {Session} from './session/session';
import type {SessionEvents} from './session/session';
import type {PreparedStatements} from './statements/prepared-statements';
import type {Transport, TransportEvents} from './transport';

export interface ConnectionParts {
  readonly transport: Transport;
  readonly writer: ByteWriter;
  readonly decoder: FrameDecoder;
  readonly statements: PreparedStatements;
  readonly parameters: Map<string, string>;
  readonly backendKey: BackendKeyData | undefined;
  readonly flushQueue: FlushQueue;
  readonly resetOnRelease: ResolvedPoolOptions['resetOnRelease'];
  readonly roundTripMilliseconds: number;
  /** The server at the address that was used, to open another connection to it. */
  readonly host: Host;
  /** Asks the server, over a connection of its own, to cancel what this one runs. */
  readonly requestCancel: (key: BackendKeyData) => Promise<void>;
}

export interface ConnectionEvents {
  /** Without an error: it was closed in order, by `close`. */
  closed(connection: Connection, error: Error | undefined): void;
  notice(connection: Connection, fields: DatabaseErrorFields): void;
  notification(connection: Connection, notification: NotificationResponse): void;
  /** A statement failed because the session may only read, and nobody had asked for that. */
  writeRefused?(connection: Connection): void;
  /** Something is in flight, where nothing was. Called for each query where there is one at a time. */
  becameBusy?(): void;
}

const giveBack = (bytes: Buffer): void => largeChunks.giveBack(bytes);

export type ConnectionPhase = 'open' | 'closing' | 'closed';

export class Connection implements SessionEvents, TransportEvents {
  readonly session: Session;
  readonly backendKey: BackendKeyData | undefined;
  /** When whoever has used the session clears it for the next one. */
  readonly resetOnRelease: ResolvedPoolOptions['resetOnRelease'];
  /** The shortest wait for an answer while it was opened: no shorter than the network alone. */
  readonly roundTripMilliseconds: number;
  phase: ConnectionPhase = 'open';
  /** By the time of day. */
  readonly openedAt = Date.now();
  /** Something came from the server since whoever watches this looked and set it back. */
  heard = false;
  #reading = true;
  /** Private, because it knows the password. */
  readonly #host: Host;
  readonly #transport: Transport;
  readonly #flushQueue: FlushQueue;
  readonly #requestCancel: (key: BackendKeyData) => Promise<void>;
  readonly #events: ConnectionEvents;
  #flushing = false;
  /** Exchanges are in flight: the process is kept alive, and the flush queue counts this connection. */
  #busy = false;
  /** The exchange that holds the session, and what has to wait for its end, or for that of a cancel request. */
  #holder: Exchange | undefined;
  #heldBack: Exchange[] = [];
  #reason: Error | undefined;
  /** By `close`, which is reason enough where there is no other. */
  #closedInOrder = false;
  /** Since it was first asked for: most connections never need one. */
  #cancellation: Cancellation | undefined;
  /** The last statement of whoever holds it alone, for messages. */
  lastText: string | undefined = undefined;
  /** When it was written, by `performance.now()`. */
  lastTextAt = 0;
  /** Its user runs a read-only transaction: that a write is refused says nothing of the server. */
  readsOnly = false;
  /** For whoever asked for the connection to be closed and waits for it. */
  whenClosed: (() => void) | undefined;

  constructor(parts: ConnectionParts, events: ConnectionEvents) {
    this.#host = parts.host;
    this.backendKey = parts.backendKey;
    this.resetOnRelease = parts.resetOnRelease;
    this.roundTripMilliseconds = parts.roundTripMilliseconds;
    this.#transport = parts.transport;
    this.#flushQueue = parts.flushQueue;
    this.#requestCancel = parts.requestCancel;
    this.#events = events;
    this.session = new Session(
      parts.writer,
      parts.decoder,
      parts.statements,
      parts.parameters,
      this,
    );
    this.session.flushed = 0;
    parts.transport.unref();
    parts.transport.listen(this);
    exitHook.add(this);
  }

  /** For messages: `host:port`, never a secret. */
  get target(): string {
    return this.#host.attempt.server;
  }

  /** The server at the address that was used. No getter: `inspect` would read it, and it has the password. */
  usedHost(): Host {
    return this.#host;
  }

  /** The address and port at the other end; undefined for what is no TCP socket. */
  get peer(): {readonly address: string; readonly port: number} | undefined {
    return this.#transport.peer;
  }

  /** Something was asked of the server, and it can be heard: silence is the server's or the network's. */
  get awaitsServer(): boolean {
    return this.phase !== 'closed' && this.#reading && this.session.awaitsServer;
  }

  /** The server may be waiting for bytes that are still to come from here. */
  get isSending(): boolean {
    return this.session.isCopyingIn || this.#transport.unsentBytes > 0;
  }

  /** Why it is not open any more; undefined while it is. */
  get failure(): Error | undefined {
    return this.phase === 'open' ? undefined : this.#lostError('no');
  }

  get inFlight(): number {
    return this.session.inFlight;
  }

  /** Nothing is in flight, and nothing waits to be sent. */
  get settled(): boolean {
    return this.session.inFlight + this.#heldBack.length === 0;
  }

  /**
   * Sends an exchange behind those in flight. It always ends: answered, or lost with the reason. False:
   * it could not be written, nothing of it was, and it has already been told.
   */
  send(exchange: Exchange): boolean {
    if (this.phase !== 'open') {
      exchange.lost(this.#lostError('no'));
      return false;
    }
    if (this.#holder !== undefined || this.#cancellation?.underWay !== undefined) {
      this.#heldBack.push(exchange);
      return true;
    }
    if (!this.session.send(exchange)) return false;
    if (!this.#busy) this.#becomeBusy();
    if (exchange.holdsSession === true) this.#holder = exchange;
    this.wrote();
    return true;
  }

  /**
   * Asks the server to cancel what it runs for this connection now. Resolves when the request was
   * delivered (or could not be): the query itself ends by its own answer. What is sent in the meantime waits,
   * because a request names the session only and hits whatever it meets there. One that finds nothing, as when it
   * overtakes its query, is forgotten by the server (`PostgresMain`): while the same runs on, it is sent again.
   */
  cancel(): Promise<void> {
    const key = this.backendKey;
    if (key === undefined || this.phase !== 'open') return Promise.resolve();
    this.#cancellation ??= new Cancellation({
      session: this.session,
      target: this.#host.trace,
      processId: key.processId,
      request: () => this.#requestCancel(key),
      delivered: () => {
        if (this.#holder === undefined) this.#sendHeldBack();
      },
    });
    return this.#cancellation.ask();
  }

  /** The cancel request under way, if there is one: until it is over, nothing new should be sent. */
  get cancelUnderWay(): Promise<void> | undefined {
    return this.#cancellation?.underWay;
  }

  /** Does the server still answer, on this connection? It is asked only when nothing is in flight. */
  answersWithin(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        // A process that was busy or frozen finds the timer due before it has read the answer that is there.
        setImmediate(() => resolve(false));
      }, milliseconds);
      const answered = (isThere: boolean) => {
        clearTimeout(timer);
        resolve(isThere);
      };
      this.send(new Ping(answered));
    });
  }

  /**
   * Sends bytes of the exchange that holds the session, at once. They must not change any more; if they are in memory
   * that `largeChunks` has lent, that gets it back.
   */
  writeThrough(bytes: Buffer): void {
    if (this.phase === 'open') this.#transport.writeLent(bytes, giveBack);
  }

  /** Undefined when more may be written; else resolves when the socket has taken what was written, or has closed. */
  drained(): Promise<void> | undefined {
    return this.phase === 'open' ? this.#transport.drained() : undefined;
  }

  /** Stops reading, so that the server has to wait; it is for the exchange that holds the session to ask. */
  pause(): void {
    this.#reading = false;
    this.#transport.pause();
  }

  resume(): void {
    this.#reading = true;
    this.#transport.resume();
  }

  /** Ends the session in order: Terminate, then the socket. In-flight work is lost. */
  close(): void {
    if (this.phase !== 'open') return;
    this.phase = 'closing';
    this.#closedInOrder = true;
    // Terminate is worth waiting for: a process that ends now would leave the server to find out.
    this.#transport.ref();
    const {writer} = this.session;
    // What was not flushed is not sent either: its exchanges are told that the server knows nothing of them.
    if (writer.pendingBytes > 0) writer.take();
    writeTerminate(writer);
    this.#transport.end(writer.take());
  }

  /** Ends the connection at once; what is in flight is lost for `reason`. */
  destroy(reason: Error): void {
    if (this.phase === 'closed') return;
    this.#reason ??= reason;
    this.#transport.destroy();
    this.closed(undefined);
  }

  // From the exit hook. What was never flushed is not sent now: nobody would hear the answer.
  terminateNow(): void {
    if (this.phase !== 'open' || this.session.writer.pendingBytes > 0) return;
    writeTerminate(this.session.writer);
    this.#transport.write(this.session.writer.take());
  }

  // From the flush queue.
  flush(): void {
    this.#flushing = false;
    if (this.phase !== 'open') return;
    this.session.flushed = this.session.sent;
    const {writer} = this.session;
    if (writer.pendingBytes === 0) return;
    const bytes = writer.take();
    if (bytes.length < LARGE_CHUNK_BYTES / 2) this.#transport.write(bytes);
    else this.#transport.writeLent(bytes, giveBack);
  }

  // From the transport.
  bytes(buffer: Buffer, start: number, end: number): void {
    this.heard = true;
    if (this.phase === 'closed') return;
    try {
      this.session.receive(buffer, start, end);
    } catch (error) {
      this.destroy(
        error instanceof Error ? error : new ProtocolError(`reading failed: ${String(error)}`),
      );
    }
  }

  room(): Buffer | undefined {
    return this.phase === 'closed' ? undefined : this.session.lendRoom();
  }

  closed(error: Error | undefined): void {
    if (this.phase === 'closed') return;
    exitHook.delete(this);
    const expected = this.phase === 'closing';
    this.phase = 'closed';
    this.#becomeIdle();
    if (!this.#closedInOrder) this.#reason ??= error;
    this.session.abandon((before) =>
      this.#lostError(before < this.session.flushed ? 'maybe' : 'no'),
    );
    this.#cancellation?.settled();
    for (const exchange of this.#heldBack) exchange.lost(this.#lostError('no'));
    this.#heldBack = [];
    this.#events.closed(this, expected ? undefined : this.#lostError('no'));
  }

  // From the session.
  exchangeEnded(session: Session): void {
    if (session.inFlight > 0) {
      session.current?.started?.();
      return;
    }
    if (session.cancelling) this.#cancellation?.settled();
    this.#becomeIdle();
    // Nothing is sent behind an exchange that holds the session, so with it all has ended.
    this.#holder = undefined;
    if (this.#heldBack.length > 0 && this.cancelUnderWay === undefined) this.#sendHeldBack();
  }

  #sendHeldBack(): void {
    const heldBack = this.#heldBack;
    this.#heldBack = [];
    for (const exchange of heldBack) {
      // One that was aborted while it waited has to hear that the server is at it now.
      if (this.send(exchange) && this.session.current === exchange) exchange.started?.();
    }
  }

  wrote(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    this.#flushQueue.add(this);
  }

  notice(fields: DatabaseErrorFields): void {
    this.#events.notice(this, fields);
  }

  notification(notification: NotificationResponse): void {
    this.#events.notification(this, notification);
  }

  writeRefused(): void {
    if (!this.readsOnly) this.#events.writeRefused?.(this);
  }

  #becomeBusy(): void {
    this.#busy = true;
    this.#flushQueue.busy++;
    this.#transport.ref();
    this.#events.becameBusy?.();
  }

  #becomeIdle(): void {
    if (!this.#busy) return;
    this.#busy = false;
    this.#flushQueue.busy--;
    this.#transport.unref();
  }

  #lostError(sent: Sent): Error {
    const loss = {
      target: this.target,
      farewell: this.session.farewell,
      reason: this.#reason,
      closedInOrder: this.#closedInOrder,
    };
    return lostError(loss, sent);
  }
}
