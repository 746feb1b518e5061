/** The pages of docs/guide about cloud providers, with a server on this machine in the place of theirs. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {after, test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import type {Server} from '@databases/pg-test';
import {resolveConfig} from '@databases/pg/config';
import {makeCertificates} from './support/certificates';
import {failureOf} from './support/failure';
import {readBlocks} from './support/guide-blocks';
import type {Block} from './support/guide-blocks';
import {GuideProject} from './support/guide-project';
import {rotate, whoAmI} from './support/provider-programs';
import {addAccount, ProviderFolder, readVariables} from './support/provider-server';
import type {Variables} from './support/provider-server';
import {scenarios} from './support/provider-scenarios';
import type {Scenario} from './support/provider-scenarios';
import {addProviderStubs, preloadedStub} from './support/provider-stubs';
import {useServer} from './support/server';
import {urlWith} from './support/url';

const THIS_TEST = 'test/provider-guides.test.ts';
const root = resolve(__dirname, '../..');

const certificates = makeCertificates();
// Tokens of AWS and Azure go to the server as they are.
const hostBasedAuthentication = [
  'hostssl all my_iam_user,"my-managed-identity" 127.0.0.1/32 password',
];
const options = {
  user: 'administrator',
  authentication: 'scram-sha-256',
  hostBasedAuthentication,
} as const;
const servers = {
  signed: useServer({
    ...options,
    tls: certificates.right,
  }),
  selfSigned: useServer({
    ...options,
    tls: certificates.selfSigned,
  }),
};
const folder = new ProviderFolder(certificates.authority.certificate);
after(() => folder[Symbol.dispose]());

function blocksOf(page: string): Block[] {
  const name = `docs/guide/${page}.md`;
  return readBlocks(name, readFileSync(join(root, name), 'utf8'));
}

function variablesOf(page: string): Variables[] {
  return blocksOf(page)
    .filter(({language}) => language === 'sh')
    .map(({code, place}) => readVariables(code, place));
}

function moduleOf(page: string, file: string): Block {
  const block = blocksOf(page).find(({options: {file: name}}) => name === file);
  assert.ok(block, `${page}.md has no ${file}`);
  return block;
}

const projects = new Map<string, Compiled>();
after(() => {
  for (const {project} of projects.values()) project[Symbol.dispose]();
});

interface Compiled {
  readonly project: GuideProject;
  /** What to run for each scenario of the page. */
  readonly programs: ReadonlyMap<Scenario, string>;
}

/** The modules of a page, with what uses them, compiled once. */
function compiled(page: string): Compiled {
  const known = projects.get(page);
  if (known !== undefined) return known;
  const project = new GuideProject();
  addProviderStubs(project);
  const programs = new Map<Scenario, string>();
  for (const scenario of scenarios.filter((one) => one.page === page)) {
    const module = moduleOf(page, scenario.module);
    project.addFile(module);
    const {user} = understand(variablesOf(page)[scenario.variables] ?? {}).config;
    programs.set(
      scenario,
      project.addFile(scenario.asks === 'password' ? rotate(module, user) : whoAmI(module)),
    );
  }
  projects.set(page, {project, programs});
  assert.equal(project.compile(), '', `the TypeScript of ${page}.md does not compile`);
  return {project, programs};
}

/** Reads variables as the client would, without connecting. */
function understand(variables: Variables) {
  const url = Object.values(variables).find((value) => value.startsWith('postgres'));
  const config = resolveConfig(url, {
    env: variables,
    readFile: (path) => (path.startsWith('/etc/ssl/') ? 'a certificate' : undefined),
    homedir: '/home/reader',
    username: 'reader',
  });
  const words = [
    `${config.user}@${config.host[0]}:${config.port[0]}/${config.database}`,
    config.ssl.mode,
    ...(config.channelBinding === 'require' ? ['channel_binding'] : []),
    ...(config.targetSessionAttrs === 'any' ? [] : [config.targetSessionAttrs]),
    ...(config.poolDefaults.prepare === undefined ? [] : [config.poolDefaults.prepare]),
  ];
  return {config, meaning: words.join(' ')};
}

test('every block of the pages is in a scenario', () => {
  for (const page of new Set(scenarios.map((one) => one.page))) {
    const own = scenarios.filter((one) => one.page === page);
    for (const {place, language, options: asked} of blocksOf(page)) {
      assert.equal(asked.testedBy, THIS_TEST, place);
      assert.ok(language === 'sh' || language === 'ts', `${place}: nothing executes ${language}`);
      if (language === 'ts')
        assert.ok(
          own.some(({module}) => module === asked.file),
          `${place}: in no scenario`,
        );
    }
    assert.deepEqual(
      [...new Set(own.map(({variables}) => variables))],
      variablesOf(page).map((_, index) => index),
      `${page}.md: a block of variables is in no scenario`,
    );
  }
});

for (const scenario of scenarios) {
  const {page, module: file, means} = scenario;
  test(`${page}.md, ${file}: ${means}`, async () => {
    const variables = variablesOf(page)[scenario.variables] ?? {};
    const {config, meaning} = understand(variables);
    assert.equal(meaning, means);
    const {server} = servers[scenario.server ?? 'signed'];
    const {user, database, password = 'none yet'} = config;
    await addAccount(server, {user, password, database});
    const {project, programs} = compiled(page);
    const ending = await project.run(
      programs.get(scenario) ?? '',
      environmentOf(variables, server, scenario),
    );
    assert.deepEqual(
      {code: ending.code, printed: ending.stdout.trim()},
      {code: 0, printed: scenario.prints},
      ending.stderr,
    );
  });
}

/** What the pages say about the machine, and what the simulation needs. */
function environmentOf(
  variables: Variables,
  server: Server,
  {isPublic}: Scenario,
): Record<string, string> {
  folder.offerSocket(server);
  return {
    ...folder.bringHere(variables, server),
    GUIDE_URL: server.connectionString,
    SECRET_FILE: folder.secretFile,
    STUB_PORT: String(server.port),
    CA_CERT: certificates.authority.certificate,
    NODE_OPTIONS: preloadedStub,
    // The authority of the test stands for the public ones.
    ...(isPublic === true ? {NODE_EXTRA_CA_CERTS: folder.authorityFile} : {}),
    HOME: '/nonexistent',
  };
}

test('heroku.md: verify-full fails at a self-signed certificate', async () => {
  const url = urlWith(servers.selfSigned.url, {parameters: {sslmode: 'verify-full'}});
  await using db = createConnectionPool(url);
  assert.match((await failureOf(db.query(sql`SELECT 1`))).message, /certificate/);
});

test('google-cloud.md: a socket in a path of more than 107 bytes is refused', () => {
  const host = `/cloudsql/${'x'.repeat(100)}`;
  assert.throws(
    () => createConnectionPool({connectionString: false, host, user: 'my_user'}),
    /has 124 bytes and this system takes 10[37]/,
  );
});
