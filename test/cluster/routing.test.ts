/**
 * Where statements go, by a table of what a real standby made of each, with the catalogue of a real server.
 *
 * The columns of fixtures/statements.tsv: the statement, what the standby answered, whether it may run there.
 */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {CATALOGUE_QUERY, classify, describeVerdict, readCatalogue} from '@databases/pg-cluster';
import type {Catalogue, CatalogueRow} from '@databases/pg-cluster';
import {routingSetup} from '../support/routing-setup';
import {useServer} from '../support/server';

const fixtures = resolve(__dirname, '../../cluster/fixtures');
let catalogue: Catalogue;

useServer({}, async (url) => {
  await using db = createConnectionPool({connectionString: url});
  await db.query(sql.__dangerous__rawValue(routingSetup(url)));
  const rows: CatalogueRow[] = await db.query(sql.__dangerous__rawValue(CATALOGUE_QUERY));
  catalogue = readCatalogue(rows);
});

interface Row {
  readonly statement: string;
  readonly safe: boolean;
  readonly why: string;
}

const ESCAPES: Readonly<Record<string, string>> = {n: '\n', r: '\r', f: '\f', v: '\v', t: '\t'};

function readTable(): Row[] {
  const [, ...lines] = readFileSync(join(fixtures, 'statements.tsv'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [statement = '', , safe, why = ''] = line.split('\t');
    return {
      // Rows that need a statement in front of them say so in brackets.
      statement: statement
        .replace(/^\[[^\]]*\] /, '')
        .replaceAll(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped),
      safe: safe === 'yes',
      why,
    };
  });
}

function targetOf(statement: string): string {
  return classify(statement, catalogue).target;
}

void test('no statement that must not run on a replica goes to one', () => {
  const misrouted = readTable().filter(
    ({statement, safe}) => !safe && targetOf(statement) === 'replica',
  );
  // Two of them fail on any node in the same way, and loudly; nothing is lost by failing on a replica.
  const loud = new Set(['SELECT * FROM no_such_table', 'SELECT 1']);
  assert.deepEqual(
    misrouted.map(({statement}) => statement).filter((statement) => !loud.has(statement)),
    [],
  );
});

void test('at least 88 % of what may run on a replica goes to one', (context) => {
  const safe = readTable().filter((row) => row.safe);
  const lost = safe.filter(({statement}) => targetOf(statement) === 'primary');
  const share = (safe.length - lost.length) / safe.length;
  for (const {statement} of lost) {
    context.diagnostic(`${statement}: ${describeVerdict(classify(statement, catalogue))}`);
  }
  context.diagnostic(
    `${safe.length - lost.length} of ${safe.length} (${(share * 100).toFixed(1)} %)`,
  );
  assert.ok(share >= 0.88, `${(share * 100).toFixed(1)} %`);
});

/** What each trap looks like when somebody writes it another way. */
const traps = [
  'select F_WRITE()',
  'SELECT public . f_write /* x */ ()',
  'SELECT "f_write"()',
  'SELECT "public"."f_write"()',
  'SELECT U&"f\\005fwrite"()',
  'SELECT 1 OPERATOR(public.@@@@) 2',
  'SELECT DISTINCT ON (id) f_write() FROM t',
  'SELECT DISTINCT ON (id) f_write FROM t',
  'SELECT now() AT TIME ZONE f_lock()::text',
  'SELECT * FROM t, f_write(id) AS (y int)',
  'SELECT * FROM t, LATERAL f_write() x',
  'SELECT * FROM ROWS FROM (f_write()) AS x(a)',
  'SELECT array_agg(f_write()) FROM t',
  'SELECT * FROM v_lock',
  'SELECT * FROM "v_lock"',
  'SELECT l FROM public.v_lock',
  'TABLE v_lock',
  'TABLE s',
  'SELECT is_called FROM s',
  'SELECT * FROM u',
  'EXPLAIN SELECT * FROM u',
  'WITH x(a) AS (INSERT INTO t(v) VALUES (1) RETURNING id) SELECT a FROM x',
  'WITH x AS MATERIALIZED (DELETE FROM t RETURNING id) SELECT id FROM x',
  'WITH insert AS (SELECT 1) INSERT INTO t(v) SELECT 1',
  'SELECT * INTO x FROM t',
  'SELECT 1 AS into INTO x',
  'SELECT * FROM t FOR SHARE',
  'SELECT * FROM t FOR\nNO KEY UPDATE',
  '(SELECT * FROM t FOR UPDATE)',
  'SELECT (t).f_row FROM t',
  'SELECT t."f_row" FROM t',
  'EXPLAIN (ANALYZE, VERBOSE) INSERT INTO t(v) VALUES (1)',
  'EXPLAIN (VERBOSE, ANALYZE on) SELECT f_write()',
  'EXPLAIN ANALYZE VERBOSE UPDATE t SET n = 1',
  'EXPLAIN VERBOSE ANALYZE DELETE FROM t',
  "EXPLAIN (ANALYZE 'true') DELETE FROM t",
  'EXPLAIN EXECUTE x',
  'EXPLAIN (ANALYZE) CREATE TABLE x AS SELECT 1',
  "COPY t TO '/tmp/stdout'",
  "COPY (SELECT 1) TO PROGRAM 'stdout'",
  'COPY t FROM STDIN',
  'COPY (SELECT f_write()) TO STDOUT',
  'COPY (DELETE FROM t RETURNING id) TO STDOUT',
  'SELECT 1; SELECT f_write()',
  'SELECT 1;;; DELETE FROM t',
  'SELECT $$unterminated',
  "SELECT 'unterminated",
  'SELECT /* /* */ 1',
  'SELECT pg_catalog.pg_advisory_lock(1)',
  'SELECT pg_advisory_lock (1)',
  'SELECT count(pg_try_advisory_xact_lock(id)) FROM t',
  "SELECT current_setting('app.user')",
  'SELECT * FROM pg_stat_activity',
  'SELECT * FROM pg_catalog.pg_locks',
  'SELECT * FROM pg_prepared_statements',
  "SELECT nextval('s'::regclass)",
  'SELECT no_such_function(1)',
  'SHOW transaction_read_only',
  'SHOW ALL',
  'SET x = 1',
  'CALL p_write()',
  'VALUES (f_write())',
  'FETCH 1 FROM c',
  'SELECT * FROM t WHERE CURRENT OF c',
] as const;

for (const trap of traps) {
  void test(`to the primary: ${trap}`, () => {
    assert.equal(targetOf(trap), 'primary');
  });
}

const reads = [
  'SELECT count(*), max(n) FROM t WHERE id IN (1, 2) AND v LIKE $1 GROUP BY v HAVING count(*) > (SELECT 1)',
  'select lower(v), coalesce(n, 0), n::numeric(10, 2), cast(n AS varchar(10)) from t order by id limit 10',
  'SELECT t.*, t2.v FROM t JOIN t2 ON (t2.tid = t.id) LEFT JOIN (SELECT 1 AS x) y ON (true)',
  'WITH x(a, b) AS (SELECT 1, 2), z AS NOT MATERIALIZED (SELECT 3) SELECT * FROM x, z',
  'SELECT * FROM unnest($1::int[]) AS x(id) WHERE EXISTS (SELECT FROM t WHERE t.id = x.id)',
  'SELECT row_number() OVER (PARTITION BY v ORDER BY n), sum(n) FILTER (WHERE n > 0) OVER w FROM t WINDOW w AS (ORDER BY id)',
  "SELECT jsonb_build_object('a', v), v ~ 'x', now(), to_char(now(), 'YYYY') FROM t",
  'COPY (SELECT * FROM t) TO STDOUT WITH (FORMAT csv)',
  'COPY t TO STDOUT',
  'EXPLAIN (COSTS off) SELECT * FROM t',
  'EXPLAIN (ANALYZE) SELECT * FROM t',
  'SELECT 1; SELECT 2;',
  'VALUES (1), (2)',
  'TABLE t',
  '(SELECT 1) UNION ALL (SELECT 2)',
  'SELECT id FROM v_upd',
  "SELECT f_read(), random(), gen_random_uuid(), 'f_write()'",
  'SHOW server_version',
] as const;

for (const statement of reads) {
  void test(`to a replica: ${statement}`, () => {
    assert.equal(describeVerdict(classify(statement, catalogue)), 'replica: it only reads');
  });
}

void test('without a catalogue everything goes to the primary', () => {
  assert.equal(
    describeVerdict(classify('SELECT 1', undefined)),
    'primary: the catalogue of the database is not loaded yet',
  );
});
