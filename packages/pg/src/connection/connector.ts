/** Opens connections: socket, TLS, login, and whether it is the kind of server that was asked for. */
import type {
  PasswordFunction,
  ResolvedConfig,
  ResolvedPoolOptions,
  TargetSessionAttrs,
} from '../config';
import {DatabaseError} from '../errors';
import {ByteWriter, FrameDecoder, spareChunks, writeTerminate} from '../protocol';
import {ConnectTrace, connectChannel, traced} from '../tracing';
import type {ConnectEvent, ObserveConnect, TlsFacts} from './attempts/connect-events';
import {withDeadline} from './attempts/deadline';
import type {StopSignal} from './attempts/stop-signal';
import {cancelOver} from './cancel-request';
import {connectPlan} from './connect-plan';
import type {ConnectPlan} from './connect-plan';
import {Connection} from './connection';
import type {ConnectionEvents} from './connection';
import {flushQueue} from './flush-queue';
import {askPassword} from './handshake/ask-password';
import {Authenticator} from './handshake/authenticator';
import {Handshake} from './handshake/handshake';
import {nodeCrypto} from './handshake/node-crypto';
import {performHandshake} from './handshake/perform-handshake';
import {SessionQuestion} from './handshake/session-question';
import {refusedBy, unreachable} from './hosts/connect-failure';
import {Hosts} from './hosts/hosts';
import type {Host, Surroundings, Unfit} from './hosts/hosts';
import {lookUpBySystem} from './hosts/look-up';
import {reportsAttributes, unfitFor} from './hosts/session-attributes';
import {largeChunks} from './memory/large-chunks';
import {PreparedStatements} from './statements/prepared-statements';
import {openTransport} from './transport';
import type {Endpoint, TlsPlan, Transport, TransportOptions} from './transport';
import {planOfOpen} from './transport/tls-plan';

const SYSTEM: Surroundings = {
  now: () => performance.now(),
  random: Math.random,
  lookUp: lookUpBySystem,
};

/** Gives the password that the program's function gave. */
type Ask = () => Promise<string>;

export class Connector {
  readonly #config: ResolvedConfig;
  readonly #options: ResolvedPoolOptions<never>;
  readonly #events: ConnectionEvents;
  readonly #hosts: Hosts;
  readonly #plan: ConnectPlan;
  readonly #observe: ObserveConnect | undefined;

  constructor(
    config: ResolvedConfig,
    options: ResolvedPoolOptions<never>,
    events: ConnectionEvents,
    observe?: ObserveConnect,
    surroundings: Surroundings = SYSTEM,
    target: TargetSessionAttrs = config.targetSessionAttrs,
  ) {
    this.#observe = observe;
    this.#config = config;
    this.#options = options;
    this.#events = events;
    this.#plan = connectPlan(config, options);
    this.#hosts = new Hosts(
      {
        hosts: this.#plan.hosts,
        target,
        policy: config.loadBalanceHosts === 'random' ? 'random' : 'sticky',
        timeoutMilliseconds: options.connectionTimeoutMilliseconds,
      },
      // A function that opens sockets is given the name: the way it knows may not be in the DNS.
      options.socket === undefined
        ? surroundings
        : {...surroundings, lookUp: (name) => Promise.resolve([name])},
    );
  }

  /**
   * @throws {ConnectionError | DatabaseError | AuthenticationError | TimeoutError | ProtocolError} Where several
   * hosts or addresses were tried, it lists them all and is of the kind that tells most.
   */
  open(): Promise<Connection> {
    if (!connectChannel.hasSubscribers) return this.#open();
    const trace = new ConnectTrace(this.#hostAt(0).trace);
    return traced(connectChannel, trace, () => this.#open(), toldWhere);
  }

  #open(): Promise<Connection> {
    return this.#hosts.find((host, wish, signal) => this.#openHost(host, wish, signal));
  }

  /** The same for one host, whatever its role; for looking at each. `server` is what messages call it. */
  openAt(index: number): Promise<Connection> {
    const host = this.#hostAt(index);
    return withDeadline(
      this.#options.connectionTimeoutMilliseconds,
      host.attempt.server,
      async (signal) => {
        const connection = await this.#openHost(host, 'any', signal);
        if ('unfit' in connection) throw connection.unfit;
        return connection;
      },
    );
  }

  /** Another connection to the server, and the address, of this one. */
  openBeside(other: Connection, timeoutMilliseconds: number): Promise<Connection> {
    const host = other.usedHost();
    return withDeadline(timeoutMilliseconds, host.attempt.server, async (signal) => {
      const connection = await this.#openHost(host, 'any', signal);
      if ('unfit' in connection) throw connection.unfit;
      return connection;
    });
  }

  serverAt(index: number): string {
    return this.#hostAt(index).attempt.server;
  }

  /**
   * What a host shows in the TLS handshake, verified or not. Nothing but the handshake is sent to it: the
   * connection ends before the user name goes out. Undefined where it offers no TLS.
   */
  async inspectTls(index: number): Promise<TlsFacts | undefined> {
    const {endpoint, attempt} = this.#hostAt(index);
    const [plan] = this.#plan.tlsPlans;
    if (plan === undefined) return undefined;
    const unverified = {...plan, options: {...plan.options, rejectUnauthorized: false}};
    let facts: TlsFacts | undefined;
    const options = {
      ...this.#transportOptions(endpoint, unverified),
      observe: (event: ConnectEvent) => {
        if (event.type === 'secured') facts = event.tls;
      },
    };
    const timeout = this.#options.connectionTimeoutMilliseconds;
    const transport = await withDeadline(timeout, attempt.server, (signal) =>
      openTransport(options, signal),
    );
    transport.destroy();
    return facts;
  }

  #hostAt(index: number): Host {
    const host = this.#plan.hosts[index];
    if (host === undefined) throw new RangeError(`there is no host number ${index}`);
    return host;
  }

  #openHost(host: Host, wish: TargetSessionAttrs, signal: StopSignal): Promise<Connection | Unfit> {
    const ask = this.#config.askPassword;
    if (ask === undefined) return this.#openEitherWay(host, wish, undefined, signal);
    const first = this.#askOnce(ask, host, 1, signal);
    return this.#openEitherWay(host, wish, first, signal).catch((error: unknown) => {
      // The password may have been replaced between being given to us and being tried: once is bad luck.
      if (!(error instanceof DatabaseError && error.code === '28P01')) throw error;
      return this.#openEitherWay(host, wish, this.#askOnce(ask, host, 2, signal), signal);
    });
  }

  /** @param number Of the attempt, as the password function is told it. It is called once, whatever the ways to try. */
  #askOnce(ask: PasswordFunction, {endpoint}: Host, number: number, signal: StopSignal): Ask {
    const {host, port} = endpoint;
    const {user, database} = this.#config;
    let asked: Promise<string> | undefined;
    return () =>
      (asked ??= askPassword(ask, {host, port, user, database, attempt: number}, signal));
  }

  /** @param way The index of the plan to begin with. No async function: each connection would hold one more. */
  #openEitherWay(
    host: Host,
    wish: TargetSessionAttrs,
    ask: Ask | undefined,
    signal: StopSignal,
    way = 0,
  ): Promise<Connection | Unfit> {
    const {tlsPlans} = this.#plan;
    const plan = tlsPlans[way];
    if (plan === undefined) throw new RangeError(`there is no way number ${way} to connect`);
    this.#observe?.({type: 'attempt', tls: plan.use});
    const attempt = this.#attempt(host, wish, plan, ask, signal);
    const isLast = way + 1 === tlsPlans.length;
    if (isLast && this.#observe === undefined) return attempt;
    return attempt.catch((error: unknown) => {
      this.#observe?.({type: 'attemptFailed', error});
      // sslmode allow and prefer: what was refused one way may be taken the other way.
      if (isLast || signal.aborted || !mayDifferWithTls(error)) throw error;
      return this.#openEitherWay(host, wish, ask, signal, way + 1);
    });
  }

  async #attempt(
    host: Host,
    wish: TargetSessionAttrs,
    tls: TlsPlan,
    ask: Ask | undefined,
    signal: StopSignal,
  ): Promise<Connection | Unfit> {
    const password = ask === undefined ? host.password : await ask();
    const options = this.#transportOptions(host.endpoint, tls);
    let transport: Transport | undefined;
    try {
      transport = await openTransport(options, signal);
      const writer = new ByteWriter(undefined, spareChunks, largeChunks);
      const decoder = new FrameDecoder();
      const handshake = new Handshake(writer, this.#authenticator(host, transport, password));
      handshake.start(this.#plan.startupParameters, this.#config);
      const roundTripMilliseconds = await performHandshake(
        handshake,
        transport,
        writer,
        decoder,
        signal,
      );
      if (handshake.refusal !== undefined) throw refusedBy(handshake.refusal, host.attempt);
      let attributes: ReadonlyMap<string, string> = handshake.parameters;
      if (wish !== 'any' && !reportsAttributes(attributes)) {
        const question = new SessionQuestion();
        question.ask(writer);
        await performHandshake(question, transport, writer, decoder, signal);
        attributes = question.answers;
      }
      const unfit = unfitFor(wish, attributes, host.attempt.server);
      if (unfit !== undefined) {
        writeTerminate(writer);
        transport.end(writer.take());
        return {unfit};
      }
      return new Connection(
        {
          transport,
          writer,
          decoder,
          statements: new PreparedStatements(
            this.#options.prepare === 'never' ? 0 : this.#options.maxPreparedStatements,
            this.#options.prepare === 'named',
          ),
          resetOnRelease: this.#options.resetOnRelease,
          roundTripMilliseconds,
          parameters: handshake.parameters,
          backendKey: handshake.backendKey,
          flushQueue,
          host,
          requestCancel: cancelOver(options, planOfOpen(tls, transport.encrypted)),
        },
        this.#events,
      );
    } catch (error) {
      transport?.destroy();
      throw unreachable(error, host.attempt);
    }
  }

  #authenticator(host: Host, transport: Transport, password: string | undefined): Authenticator {
    return new Authenticator(
      {
        user: this.#config.user,
        password,
        confidential: transport.encrypted || host.endpoint.socketPath !== undefined,
        allowCleartextPasswordWithoutTls: this.#options.allowCleartextPasswordWithoutTls,
        allowMd5PasswordWithoutTls: this.#options.allowMd5PasswordWithoutTls,
        maxScramIterations: this.#options.maxScramIterations,
        requireAuth: this.#config.requireAuth,
        channelBinding: this.#config.channelBinding,
        certificate: transport.peerCertificate,
        target: host.attempt.server,
        observe: this.#observe,
      },
      nodeCrypto,
    );
  }

  #transportOptions(endpoint: Endpoint, tls: TlsPlan): TransportOptions {
    return {
      endpoint,
      tls,
      keepAlive: this.#options.keepAlive,
      keepAliveInitialDelayMilliseconds: this.#options.keepAliveInitialDelayMilliseconds,
      observe: this.#observe,
      socket: this.#options.socket,
    };
  }
}

function toldWhere(trace: ConnectTrace, connection: Connection): void {
  trace.connectedTo(connection.usedHost().trace);
}

function mayDifferWithTls(error: unknown): boolean {
  // 28000: pg_hba.conf has no line for this kind of connection. A TLS handshake that failed is no timeout
  // and no refusal by the network.
  if (error instanceof DatabaseError) return error.code === '28000';
  const cause = error instanceof Error ? error.cause : undefined;
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'));
}
