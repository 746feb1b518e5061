/** What it takes to open a transport. Types only. */
import type {ConnectionOptions as NodeTlsOptions} from 'node:tls';
import type {SocketFunction} from '../../config';
import type {ObserveConnect} from '../attempts/connect-events';

export interface Endpoint {
  /** The name it was configured by: what certificates are checked against and what messages say. */
  readonly host: string;
  /** Where to connect when the name is not to be looked up. */
  readonly address?: string | undefined;
  readonly port: number;
  /** Path of a unix socket. TLS is not used on one. */
  readonly socketPath?: string | undefined;
}

export interface TlsPlan {
  /** `no`: never; `ifOffered`: plaintext where the server has none; `always`: an error where it has none. */
  readonly use: 'no' | 'ifOffered' | 'always';
  /** Begin with the TLS handshake itself, as Postgres takes it since 17 (sslnegotiation=direct). */
  readonly direct: boolean;
  /** Tell the server the name it is connected to by. */
  readonly sni: boolean;
  /** What it says of certificates is read once for all connections that are given this same object. */
  readonly options: NodeTlsOptions;
}

export interface TransportOptions {
  readonly endpoint: Endpoint;
  readonly tls: TlsPlan;
  readonly keepAlive: boolean;
  readonly keepAliveInitialDelayMilliseconds: number;
  readonly observe?: ObserveConnect | undefined;
  /** Opens the socket in place of this package. */
  readonly socket: SocketFunction | undefined;
}
