/**
 * Certificates for servers on 127.0.0.1 and their clients, made and signed here, so that no machine lacks
 * the tool for it (RFC 5280, RFC 4055 for RSA-PSS, RFC 8410 for Ed25519).
 *
 * `right`, `wrongHost`, `expired` and `client` are signed by one private authority; `selfSigned` by itself.
 */
import {constants, generateKeyPairSync, randomBytes, sign} from 'node:crypto';
import type {KeyObject} from 'node:crypto';
import {isIP} from 'node:net';
import {
  bits,
  bool,
  element,
  integer,
  nullValue,
  objectIdentifier,
  octets,
  sequence,
  set,
  tagged,
  time,
  utf8,
} from './der';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Certificates {
  readonly authority: Certificate;
  readonly right: Certificate;
  readonly wrongHost: Certificate;
  readonly expired: Certificate;
  readonly selfSigned: Certificate;
  /** For a client, of the role `certified`. */
  readonly client: Certificate;
}

export type Hash = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
export type Signature = `${'rsa' | 'rsa-pss' | 'ecdsa'}-${Hash}` | 'ed25519';

export function makeCertificates(): Certificates {
  const authority = makeAuthority('Test Authority');
  const ours = ['127.0.0.1', 'localhost'];
  return {
    authority: exported(authority),
    right: exported(issue({name: 'right', hosts: ours}, authority)),
    wrongHost: exported(issue({name: 'wrong host', hosts: ['db.example.com']}, authority)),
    expired: exported(issue({name: 'expired', hosts: ours, expired: true}, authority)),
    selfSigned: makeSelfSigned('ecdsa-sha256'),
    client: exported(issue({name: 'certified'}, authority)),
  };
}

/** A client's certificate from an authority that nobody knows. */
export function makeStrangersCertificate(name: string): Certificate {
  return exported(issue({name}, makeAuthority('Stranger')));
}

export function makeSelfSigned(signature: Signature): Certificate {
  return exported(issue({name: '127.0.0.1', hosts: ['127.0.0.1', 'localhost'], signature}));
}

interface Wish {
  readonly name: string;
  readonly hosts?: readonly string[];
  readonly signature?: Signature;
  readonly isAuthority?: boolean;
  readonly expired?: boolean;
}

interface Issued {
  readonly name: string;
  readonly der: Buffer;
  readonly privateKey: KeyObject;
  readonly signature: Signature;
}

const DAY_MILLISECONDS = 86_400_000;

function makeAuthority(name: string): Issued {
  return issue({name, isAuthority: true});
}

/** Without an issuer it signs itself. */
function issue(wish: Wish, issuer?: Issued): Issued {
  // Elliptic curve keys are made in no time, RSA keys are not.
  const signature = wish.signature ?? 'ecdsa-sha256';
  const {publicKey, privateKey} = makeKeys(signature);
  const signer = issuer ?? {name: wish.name, privateKey, signature};
  const today = Date.now();
  const ends = wish.expired === true ? today - DAY_MILLISECONDS : today + DAY_MILLISECONDS;
  const algorithm = algorithmIdentifier(signer.signature);
  const contents = sequence(
    tagged(0, integer(Buffer.from([2]))), // v3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    commonName(signer.name),
    sequence(time(new Date(today - 2 * DAY_MILLISECONDS)), time(new Date(ends))),
    commonName(wish.name),
    publicKey.export({type: 'spki', format: 'der'}),
    tagged(3, sequence(...extensions(wish))),
  );
  const proof = signed(contents, signer.privateKey, signer.signature);
  const der = sequence(contents, algorithm, bits(proof));
  return {name: wish.name, der, privateKey, signature};
}

function extensions({hosts = [], isAuthority = false}: Wish): Buffer[] {
  const result = [];
  if (isAuthority) {
    const basicConstraints = sequence(bool(true));
    result.push(sequence(objectIdentifier('2.5.29.19'), bool(true), octets(basicConstraints)));
  }
  const subjectAltName = sequence(
    ...hosts.map((host) =>
      isIP(host) === 4
        ? element(0x87, Buffer.from(host.split('.').map(Number)))
        : element(0x82, Buffer.from(host)),
    ),
  );
  if (hosts.length > 0)
    result.push(sequence(objectIdentifier('2.5.29.17'), octets(subjectAltName)));
  // An empty list of extensions is not legal.
  if (result.length === 0) {
    const digitalSignature = element(0x03, Buffer.from([7, 0x80]));
    result.push(sequence(objectIdentifier('2.5.29.15'), octets(digitalSignature)));
  }
  return result;
}

function makeKeys(signature: Signature): {publicKey: KeyObject; privateKey: KeyObject} {
  if (signature === 'ed25519') return generateKeyPairSync('ed25519');
  if (signature.startsWith('ecdsa')) return generateKeyPairSync('ec', {namedCurve: 'P-256'});
  return generateKeyPairSync('rsa', {modulusLength: 2048});
}

const HASHES: Readonly<
  Record<Hash, {identifier: string; ecdsa: string; rsa: string; bytes: number}>
> = {
  sha1: {
    identifier: '1.3.14.3.2.26',
    ecdsa: '1.2.840.10045.4.1',
    rsa: '1.2.840.113549.1.1.5',
    bytes: 20,
  },
  sha224: sha2(4, 1, 14, 28),
  sha256: sha2(1, 2, 11, 32),
  sha384: sha2(2, 3, 12, 48),
  sha512: sha2(3, 4, 13, 64),
};

function sha2(hash: number, ecdsa: number, rsa: number, bytes: number) {
  return {
    identifier: `2.16.840.1.101.3.4.2.${hash}`,
    ecdsa: `1.2.840.10045.4.3.${ecdsa}`,
    rsa: `1.2.840.113549.1.1.${rsa}`,
    bytes,
  };
}

const RSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

function algorithmIdentifier(signature: Signature): Buffer {
  if (signature === 'ed25519') return sequence(objectIdentifier('1.3.101.112'));
  const hash = HASHES[hashOf(signature)];
  if (signature.startsWith('ecdsa')) return sequence(objectIdentifier(hash.ecdsa));
  if (!signature.startsWith('rsa-pss')) return sequence(objectIdentifier(hash.rsa), nullValue());
  const hashAlgorithm = sequence(objectIdentifier(hash.identifier), nullValue());
  // DER leaves out what has its default, which is SHA-1 and 20 bytes of salt.
  const parameters =
    hashOf(signature) === 'sha1'
      ? sequence()
      : sequence(
          tagged(0, hashAlgorithm),
          tagged(1, sequence(objectIdentifier(MGF1), hashAlgorithm)),
          tagged(2, integer(Buffer.from([hash.bytes]))),
        );
  return sequence(objectIdentifier(RSA_PSS), parameters);
}

function signed(contents: Buffer, key: KeyObject, signature: Signature): Buffer {
  if (signature === 'ed25519') return sign(null, contents, key);
  const hash = hashOf(signature);
  if (!signature.startsWith('rsa-pss')) return sign(hash, contents, key);
  return sign(hash, contents, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: HASHES[hash].bytes,
  });
}

function hashOf(signature: Exclude<Signature, 'ed25519'>): Hash {
  for (const hash of ['sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const) {
    if (signature.endsWith(hash)) return hash;
  }
  throw new Error(`${signature} names no hash`);
}

function commonName(name: string): Buffer {
  return sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8(name))));
}

function exported({der, privateKey}: Issued): Certificate {
  const base64 = der.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
  };
}
