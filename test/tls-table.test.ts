/**
 * Every sslmode against every kind of server: the cells of the table in docs/guide/tls.md, on real servers.
 *
 * A relay in between shows what was sent. The startup message, which comes before any password, is in it in
 * plaintext where the table says so and nowhere else.
 */
import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {after, test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {makeCertificates} from './support/certificates';
import {failureOf} from './support/failure';
import {openRelay} from './support/relay';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {urlWith} from './support/url';

const certificates = makeCertificates();
/** By the heads of the columns. */
const servers = {
  'has no TLS': useServer(),
  'self-signed': useServer({tls: certificates.selfSigned}),
  'your authority, other host': useServer({tls: certificates.wrongHost}),
  'your authority, expired': useServer({tls: certificates.expired}),
  'your authority, right host': useServer({tls: certificates.right}),
};
forbidUnhandledErrors();

const folder = mkdtempSync(join(tmpdir(), 'databases-pg-root-'));
after(() => rmSync(folder, {recursive: true}));
const sslrootcert = join(folder, 'authority.crt');
writeFileSync(sslrootcert, certificates.authority.certificate);

/** By the heads of the rows. */
const wishes: ReadonlyMap<string, Record<string, string>> = new Map([
  ['not given', {}],
  ['disable', {sslmode: 'disable'}],
  ['allow', {sslmode: 'allow'}],
  ['prefer', {sslmode: 'prefer'}],
  ['require', {sslmode: 'require'}],
  ['require with sslrootcert', {sslmode: 'require', sslrootcert}],
  ['verify-ca with sslrootcert', {sslmode: 'verify-ca', sslrootcert}],
  ['verify-full with sslrootcert', {sslmode: 'verify-full', sslrootcert}],
  ['verify-full', {sslmode: 'verify-full'}],
  ['verify-full with sslrootcert=system', {sslmode: 'verify-full', sslrootcert: 'system'}],
  ['no-verify', {sslmode: 'no-verify'}],
]);

const [heads = [], ...rows] = readTable('docs/guide/tls.md', 'Which server gets what');

test('the table has a row for every way to ask and a column for every server', () => {
  assert.deepEqual(heads.slice(1), Object.keys(servers));
  assert.deepEqual(
    rows.map(([wish]) => wish),
    [...wishes.keys()],
  );
});

for (const [wish = '', ...cells] of rows) {
  for (const [index, [name, server]] of Object.entries(servers).entries()) {
    const expected = cells[index];
    test(`sslmode ${wish}, server ${name}: ${expected}`, async () => {
      await using tap = await openRelay(server.server);
      const parameters = wishes.get(wish) ?? {};
      await using db = createConnectionPool(urlWith(server.url, {port: tap.port, parameters}));
      const used = db.query(sql`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`);
      if (expected === 'refused') {
        const error = await failureOf(used);
        assert.equal(error.code, 'PG_CONNECT_FAILED');
        assert.match(error.message, name === 'has no TLS' ? /does not offer TLS/ : /certificate/);
      } else {
        assert.deepEqual(await used, [{ssl: expected === 'TLS'}]);
      }
      // `allow` begins in plaintext and `prefer` may end there; only where that is what came out.
      assert.equal(Buffer.concat(tap.sent.flat()).includes('user\0'), expected === 'plaintext');
    });
  }
}

/** The cells of the first table under a heading, without the marks of code. */
function readTable(page: string, heading: string): string[][] {
  const text = readFileSync(resolve(__dirname, '../..', page), 'utf8');
  const section = text.slice(text.indexOf(`\n## ${heading}\n`));
  const table = /(?:^\|.*\n)+/m.exec(section)?.[0] ?? '';
  return table
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('| -'))
    .map((line) =>
      line
        .replaceAll('`', '')
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
