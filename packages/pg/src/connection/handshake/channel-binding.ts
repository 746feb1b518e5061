/**
 * What ties a SCRAM proof to the TLS connection it is given over: `tls-server-end-point` of RFC 5929, a hash
 * of the server's certificate. Somebody in between who shows another certificate cannot pass the proof on.
 *
 * Reads of the certificate only by which algorithm it is signed, because that decides the hash.
 */

/** DER of an algorithm's object identifier, in hex -> hash. MD5 and SHA-1 count as SHA-256 (section 4.1). */
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
  // In the parameters of RSA-PSS hashes stand alone.
  ['2b0e03021a', 'sha256'], // id-sha1
  ['608648016503040201', 'sha256'],
  ['608648016503040202', 'sha384'],
  ['608648016503040203', 'sha512'],
  ['608648016503040204', 'sha224'],
]);

const RSA_PSS = '2a864886f70d01010a';

const OBJECT_IDENTIFIER = 0x06;
const SEQUENCE = 0x30;
/** `[0] EXPLICIT`, which is hashAlgorithm in RSASSA-PSS-params. */
const HASH_ALGORITHM = 0xa0;

/** Undefined for a certificate whose signature names no hash, as Ed25519, or one that is not known here. */
export function tlsServerEndPoint(
  certificate: Buffer,
  hash: (algorithm: string, bytes: Buffer) => Buffer,
): Buffer | undefined {
  const algorithm = hashOf(signatureAlgorithm(certificate));
  return algorithm === undefined ? undefined : hash(algorithm, certificate);
}

/** The same for one certificate after the other: connections of a pool meet the same, which is read once. */
export function rememberServerEndPoint(
  hash: (algorithm: string, bytes: Buffer) => Buffer,
): (certificate: Buffer) => Buffer | undefined {
  let last: {readonly certificate: Buffer; readonly endPoint: Buffer | undefined} | undefined;
  return (certificate) => {
    if (last === undefined || !last.certificate.equals(certificate)) {
      last = {certificate, endPoint: tlsServerEndPoint(certificate, hash)};
    }
    return last.endPoint;
  };
}

/** Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm AlgorithmIdentifier, ... } */
function signatureAlgorithm(certificate: Buffer): Buffer | undefined {
  const outer = elementAt(certificate, 0, SEQUENCE);
  const signed = outer && elementAt(outer.contents, 0, SEQUENCE);
  return signed && elementAt(outer.contents, signed.end, SEQUENCE)?.contents;
}

/** AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL } */
function hashOf(algorithm: Buffer | undefined): string | undefined {
  if (algorithm === undefined) return undefined;
  const identifier = elementAt(algorithm, 0, OBJECT_IDENTIFIER);
  if (identifier === undefined) return undefined;
  const name = identifier.contents.toString('hex');
  return name === RSA_PSS ? hashOfPss(algorithm, identifier.end) : HASHES.get(name);
}

/** RFC 4055 section 3.1: without hashAlgorithm it is SHA-1, which counts as SHA-256 like all SHA-1. */
function hashOfPss(algorithm: Buffer, at: number): string | undefined {
  const parameters = elementAt(algorithm, at, SEQUENCE);
  if (parameters === undefined) return undefined;
  if (parameters.contents[0] !== HASH_ALGORITHM) return 'sha256';
  const tagged = elementAt(parameters.contents, 0, HASH_ALGORITHM);
  return hashOf(tagged && elementAt(tagged.contents, 0, SEQUENCE)?.contents);
}

/** The DER element at an offset, if it has that tag and is all there. */
function elementAt(
  bytes: Buffer,
  offset: number,
  tag: number,
): {contents: Buffer; end: number} | undefined {
  const first = bytes[offset + 1];
  if (first === undefined || bytes[offset] !== tag) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + lengthBytes;
  if (lengthBytes > 4 || start > bytes.length) return undefined;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(offset + 2, lengthBytes);
  const end = start + length;
  return end > bytes.length ? undefined : {contents: bytes.subarray(start, end), end};
}
