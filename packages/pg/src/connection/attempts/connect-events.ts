/**
 * What happens while a connection is opened, told to whoever wants to see it (`databases-pg doctor`).
 *
 * Telling changes nothing: the same code connects with and without a listener. No event holds a secret.
 */
import type {PeerCertificate, TLSSocket} from 'node:tls';
import type {AuthenticationMethod} from '../../config';

export type ConnectEvent =
  /** A try begins; sslmode allow and prefer may make two. */
  | {readonly type: 'attempt'; readonly tls: 'no' | 'ifOffered' | 'always'}
  /** The name server gave this address; there may be several. */
  | {readonly type: 'lookup'; readonly address: string}
  /** The socket is open. Without an address: a unix socket. */
  | {readonly type: 'connected'; readonly address: string | undefined}
  | {readonly type: 'tlsAnswer'; readonly answer: 'S' | 'N' | 'E'}
  | {readonly type: 'secured'; readonly tls: TlsFacts}
  | {readonly type: 'authentication'; readonly method: AuthenticationMethod}
  | {
      readonly type: 'authenticated';
      readonly method: AuthenticationMethod;
      readonly channelBinding: boolean;
    }
  | {readonly type: 'attemptFailed'; readonly error: unknown};

export type ObserveConnect = (event: ConnectEvent) => void;

export interface TlsFacts {
  /** As `TLSv1.3`. */
  readonly protocol: string | undefined;
  readonly cipher: string;
  /** Why the certificate would not pass verification; undefined where it passes. */
  readonly distrust: string | undefined;
  readonly certificate: CertificateFacts | undefined;
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names, as `DNS:db.example.com, IP Address:10.0.0.1`. */
  readonly names: string | undefined;
  readonly validFrom: string;
  readonly validTo: string;
}

export function describeTls(socket: TLSSocket, certificate: PeerCertificate | undefined): TlsFacts {
  // An error object in the documentation, in truth the code of one, or its message.
  const distrust: unknown = socket.authorizationError;
  return {
    protocol: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher().name,
    distrust: socket.authorized
      ? undefined
      : distrust instanceof Error
        ? distrust.message
        : String(distrust),
    certificate:
      certificate !== undefined
        ? {
            subject: distinguishedName(certificate.subject),
            issuer: distinguishedName(certificate.issuer),
            names: certificate.subjectaltname,
            validFrom: certificate.valid_from,
            validTo: certificate.valid_to,
          }
        : undefined,
  };
}

function distinguishedName(parts: object): string {
  return Object.entries(parts)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(', ');
}
