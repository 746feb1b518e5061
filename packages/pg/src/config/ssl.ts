/**
 * sslmode, the certificate files and the `ssl` option -> what the transport needs to know about TLS.
 *
 * The meaning of the modes is libpq's (docs "Protection Provided in Different Modes"): `require` with a root
 * certificate is `verify-ca`; files in ~/.postgresql count when they are there; a file that is named and absent is an
 * error, never a reason to verify less. Opens no connection and parses no certificate.
 */
// The type only: nothing here touches the network.
import type {ConnectionOptions as TlsConnectionOptions} from 'node:tls';
import {certificatePlace} from './file-places';
import {hideSecrets} from './secret';
import {invalid} from './settings';
import type {ConfigSources, Provenance, Setting} from './settings';
import {systemRoots} from './system-roots';
import {flag, oneOf} from './values';

export const sslModes = [
  'disable',
  'allow',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
  'no-verify',
] as const;
export type SslMode = (typeof sslModes)[number];

const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** The object form of the `ssl` option: options of Node's `tls.connect`, passed on as they are. */
export type NodeTlsOptions = Readonly<TlsConnectionOptions>;

export interface ResolvedSsl {
  readonly mode: SslMode;
  readonly negotiation: 'postgres' | 'direct';
  /**
   * Contents in PEM, not paths; hidden: not enumerable. Without `ca` a verifying mode uses the trusted roots (`system`
   * says which).
   */
  readonly ca?: string;
  readonly cert?: string;
  readonly crl?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** `sslrootcert=system`: the roots of the operating system, which are in `ca` where they were found. */
  readonly system?: boolean;
  /** `sslsni=0`: do not tell the server its name. */
  readonly sni: boolean;
  /** Hidden: not enumerable. */
  readonly key?: string;
  readonly passphrase?: string;
  /** Hidden. Its values override all the above but `mode`, which is `verify-full` or `no-verify` with it. */
  readonly nodeOptions?: NodeTlsOptions;
}

export interface SslInput {
  /** The effective setting of a keyword. */
  readonly find: (keyword: string) => Setting | undefined;
  readonly option: boolean | NodeTlsOptions | undefined;
  readonly sources: ConfigSources;
  readonly warn: (text: string) => void;
}

export function resolveSsl(input: SslInput): {ssl: ResolvedSsl; from: Provenance} {
  const {mode: asked, from} = askedMode(input);
  const negotiation = readNegotiation(input, asked);
  const files = asked === 'disable' ? {} : readFiles(input, asked);
  // Docs: "if a root CA file exists, the behavior of sslmode=require will be the same as that of verify-ca".
  const mode = asked === 'require' && files.ca !== undefined ? 'verify-ca' : asked;
  const nodeOptions = typeof input.option === 'object' ? {...input.option} : undefined;
  if (mode === 'verify-ca' && files.ca === undefined && files.system !== true)
    throw invalid(
      from,
      'sslmode=verify-ca needs the certificate to verify against: name it with sslrootcert, or use sslmode=verify-full, which also checks the host name and works with publicly trusted certificates.',
    );
  const {roots, system, ...contents} = files;
  const passphrase = input.find('sslpassword')?.value;
  const ssl = {
    mode,
    negotiation,
    sni: readSni(input),
    ...(system === undefined ? {} : {system}),
    ...readVersions(input),
  };
  // A certificate may have its key in the same file, and the file that was named may be another than was meant.
  hideSecrets(ssl, {
    ...contents,
    ...(roots === undefined ? {} : {ca: roots}),
    ...(passphrase === undefined || passphrase === '' ? {} : {passphrase}),
    ...(nodeOptions === undefined ? {} : {nodeOptions: Object.freeze(nodeOptions)}),
  });
  return {ssl: Object.freeze(ssl), from};
}

function askedMode({find, option}: SslInput): {mode: SslMode; from: Provenance} {
  const setting = find('sslmode');
  const fromOption: Provenance = {kind: 'option', name: 'ssl'};
  if (option === false) return {mode: 'disable', from: fromOption};
  if (typeof option === 'object')
    return {
      mode: option.rejectUnauthorized === false ? 'no-verify' : 'verify-full',
      from: fromOption,
    };
  const mode = setting === undefined ? undefined : oneOf(setting, 'sslmode', sslModes);
  // `ssl: true` asks for TLS and not for less than the connection string already asks for.
  if (option === true && (mode === undefined || isWeak(mode)))
    return {mode: 'require', from: fromOption};
  if (setting !== undefined && mode !== undefined) {
    if (isWeak(mode) && find('sslrootcert')?.value === 'system')
      throw invalid(
        setting.from,
        `sslmode=${mode} cannot be combined with sslrootcert=system; use verify-full.`,
      );
    return {mode, from: setting.from};
  }
  const root = find('sslrootcert');
  if (root?.value === 'system') return {mode: 'verify-full', from: root.from};
  return {mode: 'prefer', from: {kind: 'default', name: 'sslmode'}};
}

function isWeak(mode: SslMode): boolean {
  return mode === 'disable' || mode === 'allow' || mode === 'prefer';
}

function readNegotiation({find}: SslInput, mode: SslMode): 'postgres' | 'direct' {
  const setting = find('sslnegotiation');
  if (setting === undefined) return 'postgres';
  const negotiation = oneOf(setting, 'sslnegotiation', ['postgres', 'direct']);
  if (negotiation === 'direct' && isWeak(mode))
    throw invalid(
      setting.from,
      `sslnegotiation=direct needs sslmode=require or stronger; it is ${mode}.`,
    );
  return negotiation;
}

function readSni({find}: SslInput): boolean {
  const setting = find('sslsni');
  return setting === undefined || flag(setting, 'sslsni');
}

function readVersions({find}: SslInput): {minVersion?: TlsVersion; maxVersion?: TlsVersion} {
  const version = (keyword: string): TlsVersion | undefined => {
    const setting = find(keyword);
    if (setting === undefined || setting.value === '') return undefined;
    const wanted = setting.value.toLowerCase();
    const exact = tlsVersions.find((name) => name.toLowerCase() === wanted);
    return oneOf({...setting, value: exact ?? setting.value}, keyword, tlsVersions);
  };
  const minVersion = version('ssl_min_protocol_version');
  const maxVersion = version('ssl_max_protocol_version');
  const max = find('ssl_max_protocol_version');
  if (
    maxVersion !== undefined &&
    max !== undefined &&
    tlsVersions.indexOf(minVersion ?? 'TLSv1.2') > tlsVersions.indexOf(maxVersion)
  )
    throw invalid(
      max.from,
      `ssl_max_protocol_version=${maxVersion} is below ssl_min_protocol_version (${minVersion ?? 'TLSv1.2 by default'}).`,
    );
  return {
    minVersion: minVersion ?? 'TLSv1.2',
    ...(maxVersion === undefined ? {} : {maxVersion}),
  };
}

interface Files {
  ca?: string;
  cert?: string;
  key?: string;
  crl?: string;
  system?: true;
  /** Of the system: no secret, but too long to print. */
  roots?: string;
}

function readFiles(input: SslInput, mode: SslMode): Files {
  const files: Files = {};
  const root = input.find('sslrootcert');
  // no-verify is not libpq's; it says "do not verify", so that a root certificate lying around means nothing.
  if (mode === 'no-verify' && root === undefined) return {...readClientFiles(input)};
  if (root?.value === 'system') {
    if (mode !== 'verify-full')
      throw invalid(
        root.from,
        `sslrootcert=system needs sslmode=verify-full; it is ${mode}. Anyone can get a certificate that the system trusts, so that the host name must be checked.`,
      );
    files.system = true;
    const roots = systemRoots(input.sources);
    if (roots !== undefined) files.roots = roots;
  } else {
    const ca = readNamedOrDefault(input, 'sslrootcert', 'root.crt');
    if (ca !== undefined) files.ca = ca;
    const crl = readNamedOrDefault(input, 'sslcrl', 'root.crl');
    if (crl !== undefined) files.crl = crl;
  }
  return {...files, ...readClientFiles(input)};
}

function readClientFiles(input: SslInput): Files {
  if (input.find('sslcertmode')?.value === 'disable') return {};
  const cert = readNamedOrDefault(input, 'sslcert', 'postgresql.crt');
  if (cert === undefined) return {};
  const key = readNamedOrDefault(input, 'sslkey', 'postgresql.key');
  const certFrom = input.find('sslcert')?.from ?? {kind: 'default', name: 'sslcert'};
  if (key === undefined && !cert.includes('PRIVATE KEY'))
    throw invalid(
      certFrom,
      'there is a client certificate and no key for it; name one with sslkey.',
    );
  return {cert, key: key ?? cert};
}

function readNamedOrDefault(
  {find, option, sources, warn}: SslInput,
  keyword: string,
  defaultName: string,
): string | undefined {
  const setting = find(keyword);
  // Node's options mean what they mean in Node: no file joins in that nobody named.
  const place = typeof option === 'object' ? undefined : certificatePlace(sources, defaultName);
  if (setting === undefined || setting.value === '')
    return place === undefined ? undefined : sources.readFile(place);
  const text = sources.readFile(setting.value);
  if (text === undefined)
    throw invalid(setting.from, `${keyword}: there is no readable file ${setting.value}.`);
  const mode = keyword === 'sslkey' ? sources.fileMode?.(setting.value) : undefined;
  if (mode !== undefined && (mode & 0o027) !== 0)
    warn(
      `the private key ${setting.value} can be used by others; run: chmod 0600 ${setting.value}`,
    );
  return text;
}
