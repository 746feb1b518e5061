/**
 * Certificates for servers on 127.0.0.1, made with the openssl command; undefined on a machine without it.
 *
 * `right`, `wrongHost` and `expired` are signed by one private authority; `selfSigned` by itself.
 */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Certificates {
  readonly authority: Certificate;
  readonly right: Certificate;
  readonly wrongHost: Certificate;
  /** As `right`, until yesterday. */
  readonly expired: Certificate;
  readonly selfSigned: Certificate;
}

export function makeCertificates(): Certificates | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'databases-pg-tls-'));
  const file = (name: string) => join(folder, name);
  const read = (name: string): Certificate => ({
    certificate: readFileSync(file(`${name}.crt`), 'utf8'),
    key: readFileSync(file(`${name}.key`), 'utf8'),
  });
  // Elliptic curve keys are made in no time, RSA keys are not.
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const selfSigned = (name: string, subject: string, ...extensions: string[]) =>
    openssl(
      ['req', '-x509', ...newKey, '-days', '2', '-subj', subject],
      extensions.flatMap((extension) => ['-addext', extension]),
      ['-keyout', file(`${name}.key`), '-out', file(`${name}.crt`)],
    );
  const signed = (name: string, alternativeName: string, days = 2) => {
    writeFileSync(file(`${name}.ext`), `subjectAltName=${alternativeName}\n`);
    openssl(
      ['req', '-new', ...newKey, '-subj', `/CN=${name}`],
      ['-keyout', file(`${name}.key`), '-out', file(`${name}.csr`)],
    );
    openssl(
      ['x509', '-req', '-in', file(`${name}.csr`), '-days', String(days), '-CAcreateserial'],
      ['-CA', file('authority.crt'), '-CAkey', file('authority.key')],
      ['-extfile', file(`${name}.ext`), '-out', file(`${name}.crt`)],
    );
  };
  try {
    selfSigned('authority', '/CN=Test Authority', 'keyUsage=keyCertSign');
    selfSigned('self-signed', '/CN=127.0.0.1', 'subjectAltName=IP:127.0.0.1,DNS:localhost');
    signed('right', 'IP:127.0.0.1,DNS:localhost');
    signed('wrong-host', 'DNS:db.example.com');
    signed('expired', 'IP:127.0.0.1,DNS:localhost', -1);
    return {
      authority: read('authority'),
      right: read('right'),
      wrongHost: read('wrong-host'),
      expired: read('expired'),
      selfSigned: read('self-signed'),
    };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, {recursive: true});
  }
}

function openssl(...parts: string[][]): void {
  execFileSync('openssl', parts.flat(), {stdio: 'ignore'});
}
