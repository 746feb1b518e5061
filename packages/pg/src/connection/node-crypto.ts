/** Node's cryptography and randomness, as authentication wants them. */
import {createHash, createHmac, pbkdf2, randomBytes} from 'node:crypto';
import {promisify} from 'node:util';
import type {AuthenticationCrypto} from './authenticator';

const pbkdf2Async = promisify(pbkdf2);

export const nodeCrypto: AuthenticationCrypto = {
  nonce: () => randomBytes(18).toString('base64'),
  hash: (algorithm, bytes) => createHash(algorithm).update(bytes).digest(),
  md5Hex: (bytes) => createHash('md5').update(bytes).digest('hex'),
  sha256: (data) => createHash('sha256').update(data).digest(),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
  // On the thread pool: a server that asks for many iterations does not stop the event loop.
  pbkdf2: (password, salt, iterations) => pbkdf2Async(password, salt, iterations, 32, 'sha256'),
};
