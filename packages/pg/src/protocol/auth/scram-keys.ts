/**
 * The keys that SCRAM derives from a password (RFC 5802 section 3), and a memory of those derived last:
 * deriving is meant to be slow, and every connection of a pool needs the same keys.
 *
 * What is remembered are the keys, never the password; they are found by a keyed hash of it, whose key is made
 * for this memory alone. A process that could read them here could read the password in the configuration.
 *
 * Invariants: what failed is forgotten, so that it is tried again; at most `most` entries, the oldest goes first.
 */
import {saslprep} from './saslprep';

export interface ScramKeys {
  readonly clientKey: Buffer;
  /** The hash of the client key, which the server keeps. */
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export interface ScramKeyCrypto {
  sha256(data: Uint8Array): Buffer;
  hmac(key: Uint8Array, data: Uint8Array): Buffer;
  /** PBKDF2 with HMAC-SHA-256 and a result of 32 bytes, off the event loop. */
  pbkdf2(password: string, salt: Uint8Array, iterations: number): Promise<Buffer>;
}

/** Gives keys that are known already at once. */
export type DeriveScramKeys = (
  password: string,
  salt: Uint8Array,
  iterations: number,
) => ScramKeys | Promise<ScramKeys>;

export async function deriveScramKeys(
  crypto: ScramKeyCrypto,
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<ScramKeys> {
  const salted = await crypto.pbkdf2(saslprep(password), salt, iterations);
  const clientKey = crypto.hmac(salted, Buffer.from('Client Key', 'latin1'));
  return {
    clientKey,
    storedKey: crypto.sha256(clientKey),
    serverKey: crypto.hmac(salted, Buffer.from('Server Key', 'latin1')),
  };
}

/** @param secret Random bytes that nobody else has. */
export function rememberScramKeys(
  crypto: ScramKeyCrypto,
  secret: Uint8Array,
  most: number,
): DeriveScramKeys {
  const remembered = new Map<string, ScramKeys | Promise<ScramKeys>>();
  return (password, salt, iterations) => {
    // Iterations have no colon and salts none in hex, so that no two triples look alike.
    const triple = `${iterations}:${Buffer.from(salt).toString('hex')}:${password}`;
    const name = crypto.hmac(secret, Buffer.from(triple, 'utf8')).toString('base64');
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const keys = deriveScramKeys(crypto, password, salt, iterations);
    remembered.set(name, keys);
    keys.then(
      // Not of one that was forgotten meanwhile.
      (derived) => void (remembered.get(name) === keys && remembered.set(name, derived)),
      () => remembered.delete(name),
    );
    for (const oldest of remembered.keys()) {
      if (remembered.size <= most) break;
      remembered.delete(oldest);
    }
    return keys;
  };
}
