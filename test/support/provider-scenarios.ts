/** Which blocks of the provider pages belong together, what they mean, and what comes out on this machine. */

export interface Scenario {
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

export const scenarios: readonly Scenario[] = [
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
