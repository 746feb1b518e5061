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
import {refusedPort} from './support/ports';
import {rotate, whoAmI} from './support/provider-programs';
import {addAccount, ProviderFolder, readVariables} from './support/provider-server';
import type {Variables} from './support/provider-server';
import {addProviderStubs, preloadedStub} from './support/provider-stubs';
import {useServer} from './support/server';
import {urlWith} from './support/url';

const THIS_TEST = 'test/provider-guides.test.ts';
const root = resolve(__dirname, '../..');

interface Scenario {
  readonly page: string;
  /** Which of the page's blocks of variables. */
  readonly variables: number;
  readonly module: string;
  /** What the variables mean as the page has them: user@host:port/database, and the mode of TLS. */
  readonly means: string;
  /** What the program prints on this machine. */
  readonly prints: string;
  readonly server?: 'selfSigned';
  /** The certificate of the provider is from an authority that Node knows. */
  readonly isPublic?: true;
  /** Needs an option that takes a function. */
  readonly asks?: 'password' | 'socket';
}

const cloudSql = 'my_user@/cloudsql/my-project:europe-west1:my-instance:5432/my_database prefer';
const rds = 'rds.amazonaws.com:5432/my_database verify-full';
const heroku = 'eu-west-1.compute.amazonaws.com:5432';
const digitalOcean = '@my-cluster-do-user-123456-0.b.db.ondigitalocean.com';
const azure = '@my-server.postgres.database.azure.com';
const supabase = 'postgres.abcdefghijklmnopqrst';

const scenarios: readonly Scenario[] = [
  {
    page: 'google-cloud',
    variables: 0,
    module: 'database.ts',
    means: cloudSql,
    prints: 'my_user@my_database',
  },
  {
    page: 'google-cloud',
    variables: 1,
    module: 'database.ts',
    means: cloudSql,
    prints: 'my_user@my_database',
  },
  {
    page: 'google-cloud',
    variables: 2,
    module: 'database-secret.ts',
    means: cloudSql,
    prints: '2',
    asks: 'password',
  },
  {
    page: 'google-cloud',
    variables: 3,
    module: 'database-connector.ts',
    means: 'my_user@localhost:5432/my_database prefer',
    prints: 'my_user@my_database',
    asks: 'socket',
  },
  {
    page: 'heroku',
    variables: 0,
    module: 'database.ts',
    means: `my_user@ec2-1-2-3-4.${heroku}/my_database require`,
    prints: 'my_user@my_database TLS',
    server: 'selfSigned',
  },
  {
    page: 'heroku',
    variables: 1,
    module: 'reports.ts',
    means: `other_user@ec2-5-6-7-8.${heroku}/other_database require`,
    prints: 'other_user@other_database TLS',
    server: 'selfSigned',
  },
  {
    page: 'heroku',
    variables: 2,
    module: 'outside.ts',
    means: `my_user@ec2-1-2-3-4.${heroku}/my_database require`,
    prints: '2',
    server: 'selfSigned',
    asks: 'password',
  },
  {
    page: 'aws',
    variables: 0,
    module: 'database.ts',
    means: `my_user@my-db.abcdefghijkl.eu-west-1.${rds}`,
    prints: 'my_user@my_database TLS',
  },
  {
    page: 'aws',
    variables: 1,
    module: 'database-iam.ts',
    means: `my_iam_user@my-db.abcdefghijkl.eu-west-1.${rds}`,
    prints: '2',
    asks: 'password',
  },
  {
    page: 'aws',
    variables: 2,
    module: 'database-aurora.ts',
    means: `my_user@my-cluster.cluster-abcdefghijkl.eu-west-1.${rds} read-write`,
    prints: 'my_user@my_database TLS',
  },
  {
    page: 'neon',
    isPublic: true,
    variables: 0,
    module: 'database.ts',
    means:
      'my_user@ep-cool-darkness-a1b2c3d4-pooler.us-east-2.aws.neon.tech:5432/my_database require channel_binding',
    prints: 'my_user@my_database TLS',
  },
  {
    page: 'supabase',
    variables: 0,
    module: 'database.ts',
    means: 'postgres@db.abcdefghijklmnopqrst.supabase.co:5432/postgres verify-full',
    prints: 'postgres@postgres TLS',
  },
  {
    page: 'supabase',
    variables: 1,
    module: 'database.ts',
    means: `${supabase}@aws-0-eu-central-1.pooler.supabase.com:5432/postgres verify-full`,
    prints: `${supabase}@postgres TLS`,
  },
  {
    page: 'supabase',
    variables: 2,
    module: 'database.ts',
    means: `${supabase}@aws-0-eu-central-1.pooler.supabase.com:6543/postgres verify-full never`,
    prints: `${supabase}@postgres TLS`,
  },
  {
    page: 'digitalocean',
    variables: 0,
    module: 'database.ts',
    means: `doadmin${digitalOcean}:25060/defaultdb verify-full`,
    prints: 'doadmin@defaultdb TLS',
  },
  {
    page: 'digitalocean',
    variables: 1,
    module: 'app-platform.ts',
    means: `my_user${digitalOcean}:25060/my_database require`,
    prints: 'my_user@my_database TLS',
  },
  {
    page: 'digitalocean',
    variables: 2,
    module: 'database.ts',
    means: `doadmin${digitalOcean}:25061/my-pool verify-full never`,
    prints: 'doadmin@my-pool TLS',
  },
  {
    page: 'azure',
    isPublic: true,
    variables: 0,
    module: 'database.ts',
    means: `my_user${azure}:5432/my_database verify-full`,
    prints: 'my_user@my_database TLS',
  },
  {
    page: 'azure',
    isPublic: true,
    variables: 1,
    module: 'database-entra.ts',
    means: `my-managed-identity${azure}:5432/my_database verify-full`,
    prints: '2',
    asks: 'password',
  },
  {
    page: 'azure',
    isPublic: true,
    variables: 2,
    module: 'database.ts',
    means: `my_user${azure}:6432/my_database verify-full never`,
    prints: 'my_user@my_database TLS',
  },
];

const certificates = makeCertificates();
const skip = certificates === undefined ? 'no openssl here' : false;
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
    ...(certificates === undefined ? {} : {tls: certificates.right}),
  }),
  selfSigned: useServer({
    ...options,
    ...(certificates === undefined ? {} : {tls: certificates.selfSigned}),
  }),
};
const folder = new ProviderFolder(certificates?.authority.certificate ?? '');
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
  test(`${page}.md, ${file}: ${means}`, {skip}, async (t) => {
    const variables = variablesOf(page)[scenario.variables] ?? {};
    const {config, meaning} = understand(variables);
    assert.equal(meaning, means);
    if (scenario.asks !== undefined && !(await isWired[scenario.asks]())) {
      t.skip(`the option "${scenario.asks}" does not take a function yet`);
      return;
    }
    const {server} = servers[scenario.server ?? 'signed'];
    const {user, database, password = 'none yet'} = config;
    await addAccount(server, {user, password, database});
    using project = new GuideProject();
    addProviderStubs(project);
    const module = moduleOf(page, file);
    project.addFile(module);
    const program = project.addFile(
      scenario.asks === 'password' ? rotate(module, user) : whoAmI(module),
    );
    assert.equal(project.compile(), '', `${module.place} does not compile`);
    const ending = await project.run(program, environmentOf(variables, server, scenario));
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
    CA_CERT: certificates?.authority.certificate ?? '',
    NODE_OPTIONS: preloadedStub,
    // The authority of the test stands for the public ones.
    ...(isPublic === true ? {NODE_EXTRA_CA_CERTS: folder.authorityFile} : {}),
    HOME: '/nonexistent',
  };
}

const isWired = {
  async socket(): Promise<boolean> {
    let asked = false;
    await using db = createConnectionPool({
      connectionString: `postgres://user@127.0.0.1:${await refusedPort()}/database`,
      socket() {
        asked = true;
        throw new Error('asked');
      },
    });
    await failureOf(db.query(sql`SELECT 1`));
    return asked;
  },
  async password(): Promise<boolean> {
    let asked = false;
    await using db = createConnectionPool({
      connectionString: urlWith(servers.signed.url, {password: ''}),
      password() {
        asked = true;
        return 'wrong';
      },
    });
    await failureOf(db.query(sql`SELECT 1`));
    return asked;
  },
};

test('heroku.md: verify-full fails at a self-signed certificate', {skip}, async () => {
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
