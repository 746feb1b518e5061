/**
 * Checks that a certificate is of the host that was meant, as Node does it, without what Node does before: to spell out
 * every field of the certificate and of all its issuers costs many times as much as the check.
 *
 * Invariants: what Node's own check refuses is refused, with the same error. Nothing is accepted but by the names in
 * the certificate, which Node looks at first; what they do not settle is left to the whole check. A socket is asked
 * for its certificate once: Node 20 takes it off the chain when it gives it, and gives the issuer's the next time.
 */
import type {X509Certificate} from 'node:crypto';
import type {TLSSocket} from 'node:tls';

const certificates = new WeakMap<TLSSocket, X509Certificate>();

/** What the server showed. */
export function certificateOf(socket: TLSSocket): X509Certificate | undefined {
  const known = certificates.get(socket);
  if (known !== undefined) return known;
  const certificate = socket.getPeerX509Certificate();
  if (certificate !== undefined) certificates.set(socket, certificate);
  return certificate;
}

/** For a mode that does not look at names. */
export function anyIdentity(): undefined {}

/** What `checkServerIdentity` is by default. */
export function identityError(socket: TLSSocket, host: string): Error | undefined {
  const {checkServerIdentity} = process.getBuiltinModule('node:tls');
  const certificate = certificateOf(socket);
  const subjectaltname = certificate?.subjectAltName;
  const isByNames =
    subjectaltname !== undefined &&
    Reflect.apply(checkServerIdentity, undefined, [host, {subjectaltname}]) === undefined;
  if (isByNames) return undefined;
  return certificate === undefined
    ? new Error('the server showed no certificate')
    : checkServerIdentity(host, certificate.toLegacyObject());
}

/** Has Node's handshake go without the fields, which it asks for only to give them to `checkServerIdentity`. */
export function spareSpellingOut(socket: TLSSocket): void {
  Object.defineProperty(socket, 'getPeerCertificate', {value: nothingSpelledOut});
}

function nothingSpelledOut(): object {
  return {};
}
