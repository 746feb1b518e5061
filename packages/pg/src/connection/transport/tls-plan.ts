/**
 * What an sslmode means for one attempt to connect, and which attempts it allows.
 * https://www.postgresql.org/docs/18/libpq-ssl.html#LIBPQ-SSL-PROTECTION
 *
 * `allow` tries without TLS first and `prefer` with it; both fall back to the other when the server
 * refuses. Every other mode has one way only, so nothing is ever sent in plaintext where TLS was asked for.
 */
import type {ResolvedSsl} from '../../config';
import type {TlsPlan} from '.';
import {anyIdentity} from './server-identity';

export function tlsPlans(ssl: ResolvedSsl): readonly TlsPlan[] {
  const plans = known.get(ssl) ?? makePlans(ssl);
  known.set(ssl, plans);
  return plans;
}

/** The same plans for the same settings: what they say of certificates is read once for each plan. */
const known = new WeakMap<ResolvedSsl, readonly TlsPlan[]>();

function makePlans(ssl: ResolvedSsl): readonly TlsPlan[] {
  const options = {
    ...(ssl.ca === undefined ? {} : {ca: ssl.ca}),
    ...(ssl.cert === undefined ? {} : {cert: ssl.cert}),
    ...(ssl.key === undefined ? {} : {key: ssl.key}),
    ...(ssl.passphrase === undefined ? {} : {passphrase: ssl.passphrase}),
    ...(ssl.crl === undefined ? {} : {crl: ssl.crl}),
    ...(ssl.minVersion === undefined ? {} : {minVersion: ssl.minVersion}),
    ...(ssl.maxVersion === undefined ? {} : {maxVersion: ssl.maxVersion}),
    ...verification(ssl),
    ...ssl.nodeOptions,
  };
  const plan = {options, sni: ssl.sni, direct: false};
  const plaintext: TlsPlan = {...plan, use: 'no'};
  switch (ssl.mode) {
    case 'disable':
      return [plaintext];
    case 'allow':
      return [plaintext, {...plan, use: 'always'}];
    case 'prefer':
      return [{...plan, use: 'ifOffered'}, plaintext];
    case 'require':
    case 'no-verify':
    case 'verify-ca':
    case 'verify-full':
      return [{...plan, use: 'always', direct: ssl.negotiation === 'direct'}];
  }
}

/** For a further connection on behalf of one that is open: a secret of it travels no worse than itself did. */
export function planOfOpen(plan: TlsPlan, encrypted: boolean): TlsPlan {
  return encrypted ? {...plan, use: 'always'} : {...plan, use: 'no'};
}

function verification(ssl: ResolvedSsl): TlsPlan['options'] {
  switch (ssl.mode) {
    case 'verify-full':
      return {rejectUnauthorized: true};
    case 'verify-ca':
      // The chain is checked, the name is not.
      return {rejectUnauthorized: true, checkServerIdentity: anyIdentity};
    default:
      return {rejectUnauthorized: false};
  }
}
