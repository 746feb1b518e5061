/*
 * Small programs written for the original `@databases/pg`. Each gets a pool, the tag, the module itself and
 * a connection string, and gives or throws something. Run against the original by
 * tools/record-original-answers.mjs and against ours by test/conformance.test.ts.
 *
 * Plain JavaScript on purpose: they are programs of users, and the original has other types.
 */
export const programs = {
  one: ({db, sql}) => db.query(sql`SELECT 1 AS a`),
  many: ({db, sql}) => db.query([sql`SELECT 1 AS a`, sql`SELECT 2 AS b`]),
  emptyArray: ({db}) => db.query([]),
  emptyText: ({db, sql}) => db.query(sql``),
  semicolon: ({db, sql}) => db.query(sql`;`),
  comment: ({db, sql}) => db.query(sql`-- hi`),
  multi: ({db, sql}) => db.query(sql`SELECT 1 AS a; SELECT ${2}::int AS b`),
  vacuumMulti: ({db, sql}) => db.query(sql`VACUUM; SELECT 1`),
  dup: ({db, sql}) => db.query(sql`SELECT 1 AS a, 2 AS a`),
  notSql: ({db}) => db.query('SELECT 1'),
  notSqlArr: ({db, sql}) => db.query([sql`SELECT 1`, 'x']),
  types: ({db, sql}) =>
    db.query(
      sql`SELECT 1::int2 a, 2::int8 b, 1.5::float8 c, 1.25::numeric d, true e, 'x'::text f, '\\x01'::bytea g, '2020-01-01'::date h, '2020-01-01 00:00:00'::timestamp i, '2020-01-01 00:00:00Z'::timestamptz j, '{"a":1}'::json k, '{"a":1}'::jsonb l, '(1,2)'::point m, '<(1,2),3>'::circle n, ARRAY[1,2] o, ARRAY['a','b'] p, '1 day 2 hours'::interval q, '00000000-0000-0000-0000-000000000001'::uuid r, '[1,2)'::int4range s, 1::money t, '10:00'::time u, '1.2.3.4'::inet v, B'101'::bit(3) w, 'infinity'::timestamptz x, NULL::int y, 'a'::"char" z`,
    ),
  params: ({db, sql}) =>
    db.query(
      sql`SELECT ${null}::text a, ${1}::int b, ${'x'}::text c, ${true}::bool d, ${new Date(0)}::timestamptz e, ${Buffer.from('hi')}::bytea f, ${[1, 2]}::int[] g, ${{a: 1}}::jsonb h, ${10n}::int8 i, ${['a', null, 'c"d']}::text[] j, ${[
        [1, 2],
        [3, 4],
      ]}::int[] k, ${1.5}::float8 l`,
    ),
  undef: ({db, sql}) => db.query(sql`SELECT ${undefined}::text IS NULL a`),
  join: ({db, sql}) => db.query(sql`SELECT ${sql.join([sql`1 AS a`, sql`2 AS b`], ', ')}`),
  ident: ({db, sql}) => db.query(sql`SELECT 1 AS ${sql.ident('x y')}`),
  isolation: ({db, sql, pg}) =>
    db.tx((tx) => tx.query(sql`SHOW transaction_isolation`), {
      isolationLevel: pg.IsolationLevel.SERIALIZABLE,
    }),
  readOnly: ({db, sql}) =>
    db.tx((tx) => tx.query(sql`SHOW transaction_read_only`), {readOnly: true}),
  deferrable: ({db, sql}) =>
    db.tx((tx) => tx.query(sql`SHOW transaction_deferrable`), {deferrable: true}),
  stmtTimeout: ({db, sql}) =>
    db.tx((tx) => tx.query(sql`SHOW statement_timeout`), {statementTimeoutMilliseconds: 1234}),
  nested: ({db, sql}) =>
    db.tx(async (tx) => {
      await tx.query(sql`CREATE TEMP TABLE n1(a int)`);
      try {
        await tx.tx(async (t) => {
          await t.query(sql`INSERT INTO n1 VALUES (1)`);
          throw new Error('x');
        });
      } catch {}
      await tx.tx((t) => t.query(sql`INSERT INTO n1 VALUES (2)`));
      return tx.query(sql`SELECT * FROM n1`);
    }),
  throwTx: ({db}) =>
    db.tx(async () => {
      throw new TypeError('mine');
    }),
  taskType: ({db}) => db.task(async (t) => [t.type, await t.task(async (x) => x === t)]),
  txType: ({db}) => db.tx(async (t) => [t.type, await t.task(async (x) => x === t)]),
  poolType: ({db, sql, pg}) =>
    Promise.resolve([
      db.type,
      pg.isConnectionPool(db),
      pg.isTransaction(db),
      pg.isConnection(db),
      db.sql === sql,
    ]),
  postCommit: async ({db}) => {
    const log = [];
    await db.tx(async (tx) => {
      await tx.addPostCommitStep(async () => {
        log.push('post');
      });
      log.push('in');
    });
    await db.addPostCommitStep(async () => {
      log.push('direct');
    });
    return log;
  },
  lock: ({db}) =>
    db.tx(async (tx) => [
      await tx.advisoryTxLock(1),
      await tx.tryAdvisoryTxLock(2),
      await tx.tryAdvisoryTxLockShared([1, 2]),
      await tx.advisoryTxLockShared('5'),
      await tx.tryAdvisoryTxLock(7n),
    ]),
  stream: async ({db, sql}) => {
    const r = [];
    for await (const x of db.queryStream(sql`SELECT g FROM generate_series(1,40) g`, {
      batchSize: 7,
    }))
      r.push(x.g);
    return r;
  },
  nodeStream: ({db, sql}) =>
    new Promise((res, rej) => {
      const r = [];
      db.queryNodeStream(sql`SELECT g FROM generate_series(1,40) g`)
        .on('data', (d) => r.push(d.g))
        .on('end', () => res(r))
        .on('error', rej);
    }),
  streamErr: async ({db, sql}) => {
    for await (const _ of db.queryStream(sql`SELECT 1/(g-3) FROM generate_series(1,40) g`, {
      batchSize: 2,
    }));
  },
  err: ({db, sql}) => db.query(sql`SELECT * FROM nope`),
  syntaxErr: ({db, sql}) => db.query(sql`SELEC 1`),
  unique: async ({db, sql}) => {
    await db.query(
      sql`CREATE TABLE IF NOT EXISTS uq(a int PRIMARY KEY); DELETE FROM uq; INSERT INTO uq VALUES (1)`,
    );
    return db.query(sql`INSERT INTO uq VALUES (1)`);
  },
  isSqlErr: async ({db, sql, pg}) => {
    try {
      await db.query(sql`SELECT 1/0`);
    } catch (e) {
      return [
        pg.isSQLError(e),
        e.code === pg.SQLErrorCode.DIVISION_BY_ZERO,
        e.name,
        pg.isSQLError(new Error('x')),
        pg.isSQLError(null),
      ];
    }
  },
  parser: async ({db, sql}) => {
    await db.registerTypeParser('int4', (x) => 'i' + x);
    const r = await db.query(sql`SELECT 5::int4 a`);
    await db.registerTypeParser(23, (x) => parseInt(x, 10));
    return r;
  },
  getParser: async ({db}) => {
    const p = await db.getTypeParser('int4');
    return p('7');
  },
  badType: ({db}) => db.getTypeParser('nope_type'),
  parseArray: async ({db}) => [
    db.parseArray('{1,2,NULL,"a b"}'),
    db.parseArray('{1,2}', (x) => x + '!'),
  ],
  parseComposite: async ({db}) => [db.parseComposite('(1,"a b",x)')],
  bigints: ({db, sql}) =>
    db.query(sql`SELECT 5::int8 a, ARRAY[5::int8] b, count(*) c FROM generate_series(1,3)`),
  after: ({db, sql, leaked}) =>
    db
      .tx(async (tx) => {
        setTimeout(() => {}, 0);
        leaked.tx = tx;
        return 1;
      })
      .then(() => leaked.tx.query(sql`SELECT 1`)),
  afterTask: ({db, sql, leaked}) =>
    db
      .task(async (t) => {
        leaked.task = t;
      })
      .then(() => leaked.task.query(sql`SELECT 1`)),
  pgFormat: async ({pg}) => [pg.pgFormat.escapeIdentifier('a"b'), pg.pgFormat.formatValue(5, 2)],
  format: async ({sql, pg}) =>
    sql`SELECT * FROM ${sql.ident('a', 'b')} WHERE x = ${1} AND ${sql.__dangerous__rawValue('1=1')}`.format(
      pg.pgFormat,
    ),
  dedent: async ({sql, pg}) =>
    sql`
      SELECT 1
        AS a
    `.format(pg.pgFormat),
  callable: async ({pg}) => [typeof pg, pg.default === pg, typeof pg.sql],
  enums: async ({pg}) => [
    pg.QueryableType,
    pg.IsolationLevel,
    pg.DataTypeID.int4,
    pg.DataTypeID[23],
    pg.DataTypeID['_int4'],
  ],
  schemaOpt: async ({sql, pg, url}) => {
    const p = pg({
      connectionString: url,
      schema: ['public', 'A b'],
      bigIntMode: 'string',
      applicationName: 'app',
    });
    const r = [
      await p.query(sql`SHOW search_path`),
      await p.query(sql`SHOW application_name`),
      await p.query(sql`SELECT 1::int8 a`),
    ];
    await p.dispose();
    return r;
  },
  outer: ({db, sql}) =>
    db.tx(async (tx) =>
      tx.tx(async () => {
        const t = Promise.race([
          tx.query(sql`SELECT 1`).catch(() => 'ERR '),
          new Promise((r) => setTimeout(() => r('blocked'), 200)),
        ]);
        return t;
      }),
    ),
};

/** What a program gave, as text that does not depend on the version of Node. */
export function describe(value) {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object') return JSON.stringify(value) ?? String(value);
  if (value instanceof Date) return `Date ${value.toISOString()}`;
  if (Buffer.isBuffer(value)) return `Buffer ${value.toString('hex')}`;
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  const entries = Object.entries(value).map(([name, each]) => `${name}: ${describe(each)}`);
  return `{${entries.join(', ')}}`;
}

/** Runs every program on a pool of its own. */
export async function answers(pg, url) {
  const given = {};
  for (const [name, program] of Object.entries(programs)) {
    const options = {
      connectionString: url,
      bigIntMode: 'number',
      acquireLockTimeoutMilliseconds: 500,
      onError() {},
    };
    const db = pg(options);
    try {
      given[name] = describe(await program({db, sql: pg.sql, pg, url, leaked: {}}));
    } catch (error) {
      const message = String(error.message).split('\n')[0];
      given[name] = `throws ${error.name} ${error.code}: ${message}`;
    }
    // The original waits for ever for a connection that was never given back.
    await Promise.race([
      db.dispose(),
      new Promise((resolve) => setTimeout(resolve, 1000).unref()),
    ]).catch(() => undefined);
  }
  return given;
}
