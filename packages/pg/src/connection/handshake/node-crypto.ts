/**
 * Node's cryptography and randomness, as authentication wants them.
 *
 * node:crypto is loaded when the first password is asked for: without one, a program need not wait for it.
 */
import {rememberScramKeys} from '../../protocol';
import type {ScramKeyCrypto} from '../../protocol';
import type {AuthenticationCrypto} from './authenticator';
import {rememberServerEndPoint} from './channel-binding';

/** A process has few roles to log in as; one who rotates passwords is not to fill the memory. */
const REMEMBERED_KEYS = 32;

const crypto = () => process.getBuiltinModule('node:crypto');

const keyCrypto: ScramKeyCrypto = {
  hmac: (key, data) => crypto().createHmac('sha256', key).update(data).digest(),
  sha256: (data) => crypto().createHash('sha256').update(data).digest(),
  // On the thread pool: a server that asks for many iterations does not stop the event loop.
  pbkdf2: (password, salt, iterations) =>
    new Promise((resolve, reject) => {
      crypto().pbkdf2(password, salt, iterations, 32, 'sha256', (error, key) => {
        if (error === null) resolve(key);
        else reject(error);
      });
    }),
};

let deriveKeys: ReturnType<typeof rememberScramKeys> | undefined;

export const nodeCrypto: AuthenticationCrypto = {
  ...keyCrypto,
  deriveKeys(password, salt, iterations) {
    deriveKeys ??= rememberScramKeys(keyCrypto, crypto().randomBytes(32), REMEMBERED_KEYS);
    return deriveKeys(password, salt, iterations);
  },
  nonce: () => crypto().randomBytes(18).toString('base64'),
  serverEndPoint: rememberServerEndPoint((algorithm, bytes) =>
    crypto().createHash(algorithm).update(bytes).digest(),
  ),
  md5Hex: (bytes) => crypto().createHash('md5').update(bytes).digest('hex'),
};
