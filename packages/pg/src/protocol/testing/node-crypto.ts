/**
 * The crypto that SCRAM and MD5 want injected, from Node, for tests.
 */
import {createHash, createHmac, pbkdf2, pbkdf2Sync} from 'node:crypto';
import {promisify} from 'node:util';

import type {ScramCrypto} from '../auth/scram';
import type {ScramServerOptions} from './scram-server';

export const nodeCrypto: ScramCrypto & ScramServerOptions['crypto'] = {
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
  sha256: (data) => createHash('sha256').update(data).digest(),
  pbkdf2: (password, salt, iterations) =>
    promisify(pbkdf2)(password, salt, iterations, 32, 'sha256'),
  pbkdf2Sync: (password, salt, iterations) => pbkdf2Sync(password, salt, iterations, 32, 'sha256'),
};

export function md5hex(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
