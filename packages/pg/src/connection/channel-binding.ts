/**
 * What ties a SCRAM proof to the TLS connection it is given over: `tls-server-end-point` of RFC 5929, a hash
 * of the server's certificate. Somebody in between who shows another certificate cannot pass the proof on.
 *
 * Reads of the certificate only by which algorithm it is signed, because that decides the hash.
 */

/** DER of the algorithm's object identifier, in hex -> hash. MD5 and SHA-1 count as SHA-256 (section 4.1). */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010104', 'sha256'], // md5WithRSAEncryption
  ['2a864886f70d010105', 'sha256'], // sha1WithRSAEncryption
  ['2a864886f70d01010b', 'sha256'],
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2a864886f70d01010e', 'sha224'],
  ['2a8648ce3d0401', 'sha256'], // ecdsa-with-SHA1
  ['2a8648ce3d040301', 'sha224'],
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
]);

/** Undefined for a certificate whose signature names no hash (Ed25519) or one in its parameters (RSA-PSS). */
export function tlsServerEndPoint(
  certificate: Buffer,
  hash: (algorithm: string, bytes: Buffer) => Buffer,
): Buffer | undefined {
  const algorithm = HASHES.get(signatureAlgorithm(certificate)?.toString('hex') ?? '');
  return algorithm === undefined ? undefined : hash(algorithm, certificate);
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm SEQUENCE { OBJECT IDENTIFIER, ... }, ... } */
function signatureAlgorithm(certificate: Buffer): Buffer | undefined {
  const outer = elementAt(certificate, 0);
  const signed = outer && elementAt(certificate, outer.start);
  const algorithm = signed && elementAt(certificate, signed.end);
  const identifier = algorithm && elementAt(certificate, algorithm.start);
  return identifier && certificate.subarray(identifier.start, identifier.end);
}

/** Where the contents of the DER element at an offset are. */
function elementAt(bytes: Buffer, offset: number): {start: number; end: number} | undefined {
  const first = bytes[offset + 1];
  if (first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + lengthBytes;
  if (lengthBytes > 4 || start > bytes.length) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(offset + 2, lengthBytes);
  return start + length > bytes.length ? undefined : {start, end: start + length};
}
