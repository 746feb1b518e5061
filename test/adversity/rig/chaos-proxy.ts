/**
 * A TCP proxy in front of a server that fails in the ways networks do, when it is told to.
 *
 * It acknowledges what it swallows (as a dead host behind a live balancer does), so keepalive of the kernel
 * never helps a client here. Faults act on whole links; a fault on bytes acts on a link from its first byte.
 *
 * Invariants: bytes that are passed on keep their order; dispose() leaves no socket and no timer.
 */
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import type {Server as TcpServer} from 'node:net';
import {Link} from './chaos-link';
import type {LinkFaults} from './chaos-link';

/**
 * What happens to a connection that a client makes:
 * - `pass`: it is connected to the server
 * - `close`: accepted, and closed (FIN) at once
 * - `reset`: accepted, and reset (RST) at once
 * - `blackhole`: accepted, and never answered
 */
export type Admission = 'pass' | 'close' | 'reset' | 'blackhole';

export interface ChaosProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** How many connections clients have made, whatever became of them. */
  readonly attempts: number;
  /** Links that are open now, oldest first. */
  readonly links: readonly Link[];
  /** What happens to new connections. */
  admission: Admission;
  /** Faults that new links start with. */
  faults: LinkFaults;
  /** RST on all open links. */
  reset(): void;
  /** FIN on all open links. */
  close(): void;
  /** Swallows every byte of the open links from now on, in both directions. */
  blackhole(): void;
  /** Closes the port: new connections are refused. Open links stay. */
  refuse(): Promise<void>;
  /** Undoes `refuse` and sets `admission` to `pass`; links that were blackholed stay so. */
  heal(): Promise<void>;
  /** The same URL, by way of the proxy. */
  through(connectionString: string): string;
}

export async function openChaosProxy(target: {host: string; port: number}): Promise<ChaosProxy> {
  const links = new Set<Link>();
  const host = '127.0.0.1';
  let attempts = 0;
  let listener: TcpServer | undefined = await listenOn(0);
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  const {port} = address;

  async function listenOn(wanted: number): Promise<TcpServer> {
    const server = createServer({pauseOnConnect: true}, (client) => {
      attempts++;
      if (proxy.admission === 'reset') {
        client.resetAndDestroy();
        return;
      }
      if (proxy.admission === 'close') {
        client.on('error', () => undefined).end();
        return;
      }
      const upstream = proxy.admission === 'pass' ? connect(target.port, target.host) : undefined;
      const link = new Link(client, upstream, proxy.faults, () => links.delete(link));
      links.add(link);
    });
    server.listen(wanted, host);
    await once(server, 'listening');
    return server;
  }

  async function stopListening(): Promise<void> {
    const server = listener;
    listener = undefined;
    if (server === undefined) return;
    // Fires when all its connections are gone, too; that the port is free now is all that is needed here.
    server.close();
    await new Promise((resolve) => setImmediate(resolve));
  }

  const proxy: ChaosProxy = {
    host,
    port,
    admission: 'pass',
    faults: {},
    get attempts() {
      return attempts;
    },
    get links() {
      return [...links];
    },
    reset() {
      for (const link of links) link.reset();
    },
    close() {
      for (const link of links) link.close();
    },
    blackhole() {
      for (const link of links) link.blackhole();
    },
    refuse: stopListening,
    async heal() {
      proxy.admission = 'pass';
      listener ??= await listenOn(port);
    },
    through(connectionString) {
      const url = new URL(connectionString);
      url.hostname = host;
      url.port = String(port);
      return url.href;
    },
    async [Symbol.asyncDispose]() {
      for (const link of links) link.reset();
      await stopListening();
    },
  };
  return proxy;
}
