/**
 * The certificates that the operating system trusts, for `sslrootcert=system`.
 *
 * As OpenSSL finds them, so that it is the same set that libpq trusts: SSL_CERT_FILE, else the bundle of the
 * system. Node's own NODE_EXTRA_CA_CERTS counts on top. Reads through what it is handed, and only here.
 */
import {invalid} from './settings';
import type {ConfigSources} from './settings';

/** Where systems keep all their roots in one file of PEM. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Arch, Alpine
  '/etc/pki/tls/certs/ca-bundle.crt', // Fedora, Red Hat
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem', // SUSE
  '/etc/ssl/cert.pem', // macOS, FreeBSD, OpenBSD
];

/** `undefined` where the system has none in a file: the roots that Node comes with stand in for them. */
export function systemRoots(sources: ConfigSources): string | undefined {
  const roots = readNamed('SSL_CERT_FILE', sources) ?? readBundle(sources);
  if (roots === undefined) return undefined;
  const extra = sources.env['NODE_EXTRA_CA_CERTS'];
  const added = extra === undefined || extra === '' ? undefined : sources.readFile(extra);
  return added === undefined ? roots : `${roots}\n${added}`;
}

function readNamed(name: string, sources: ConfigSources): string | undefined {
  const path = sources.env[name];
  if (path === undefined || path === '') return undefined;
  const text = sources.readFile(path);
  if (text !== undefined) return text;
  throw invalid({kind: 'environment', name}, `there is no readable file ${path}.`);
}

function readBundle(sources: ConfigSources): string | undefined {
  for (const path of BUNDLES) {
    const text = sources.readFile(path);
    if (text !== undefined) return text;
  }
  return undefined;
}
