/**
 * Statements by chance, out of what the server has: each function, operator, cast, table and view of the catalogue, and
 * everything that writes, locks or belongs to one session, put into the places where SQL takes an expression or a table.
 *
 * The same seed and the same server give the same statements.
 */

export type Random = () => number;

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One text for each thing; \x1f between the parts. Functions and operators have the types of what they take. */
export const THINGS_QUERY = `
SELECT concat_ws(E'\\x1f', 'function', proname, pg_catalog.pg_get_function_identity_arguments(oid),
  (SELECT string_agg(t::regtype::text, E'\\x1e' ORDER BY n) FROM unnest(proargtypes::oid[]) WITH ORDINALITY a(t, n)))
FROM pg_catalog.pg_proc
WHERE pronamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace) AND prokind IN ('f', 'a', 'w')
  AND NOT proargtypes::oid[] && ARRAY['internal'::regtype, 'cstring'::regtype]::oid[]
UNION ALL
SELECT concat_ws(E'\\x1f', 'operator', oprname, oprleft::regtype::text, oprright::regtype::text)
FROM pg_catalog.pg_operator
UNION ALL
SELECT concat_ws(E'\\x1f', 'cast', castsource::regtype::text, casttarget::regtype::text) FROM pg_catalog.pg_cast
UNION ALL
SELECT concat_ws(E'\\x1f', 'table', c.oid::regclass::text) FROM pg_catalog.pg_class c
WHERE relkind IN ('r', 'v', 'm', 'S', 'f', 'p')
ORDER BY 1`;

/** What has effects, locks, or is another answer on another node. */
const TRAPS = [
  'f_write()',
  'f_write_pl()',
  'f_swallow()',
  'f_branch()',
  'f_lock()',
  'f_next()',
  '1 @@@@ 2',
  '1 OPERATOR(public.@@@@) 2',
  "nextval('s')",
  "setval('s', 5)",
  "set_config('a.b', 'c', false)",
  "pg_notify('a', 'b')",
  "lo_from_bytea(0, '\\x00')",
  'lo_create(0)',
  'lo_creat(-1)',
  'txid_current()',
  'pg_current_xact_id()',
  'pg_try_advisory_lock(7)',
  'pg_try_advisory_xact_lock_shared(7)',
  'pg_advisory_lock_shared(8)',
  'pg_backend_pid()',
  'pg_is_in_recovery()',
  "current_setting('transaction_read_only')",
  "current_setting('port')",
  'inet_server_port()',
  '(SELECT last_value FROM s)',
  '(SELECT l FROM v_lock)',
  '(SELECT w FROM v_write)',
  '(SELECT count(*) FROM u)',
  '(SELECT w FROM ft_vw)',
  '(SELECT id FROM t WHERE id = 1 FOR UPDATE)',
  '(SELECT id FROM t WHERE id = 1 FOR NO KEY UPDATE)',
  '(SELECT id FROM t WHERE id = 1 FOR KEY SHARE SKIP LOCKED)',
  '(SELECT id FROM v_forupd)',
  '(SELECT f_row(t) FROM t LIMIT 1)',
  '(SELECT t.f_row FROM t LIMIT 1)',
  '(SELECT (t).f_lockrow FROM t LIMIT 1)',
  "query_to_xml('SELECT f_write()', true, false, '')",
  "ts_rewrite('a', 'SELECT f_write()::text::tsquery, NULL::tsquery')",
  'pg_export_snapshot()',
  "pg_create_logical_replication_slot('a', 'b')",
  "dblink_exec('a')",
] as const;

/** Whole statements that do more than read. */
const WRITES = [
  'INSERT INTO t2 (v) VALUES (NULL) RETURNING id',
  'UPDATE t SET n = n WHERE id = 1 RETURNING id',
  'DELETE FROM t2 RETURNING id',
  'WITH w AS (INSERT INTO t2 (v) VALUES (NULL) RETURNING id) SELECT id FROM w',
  'WITH w AS NOT MATERIALIZED (UPDATE t SET n = n WHERE id = 1 RETURNING id) TABLE w',
  'SELECT 1 AS a INTO TEMP made_by_select',
  'SELECT id INTO UNLOGGED made_too FROM t',
  'MERGE INTO t USING t2 ON t.id = t2.tid WHEN MATCHED THEN DO NOTHING',
  'TRUNCATE t2',
  'LISTEN a',
  "NOTIFY a, 'b'",
  'PREPARE p AS SELECT 1',
  'EXECUTE p',
  'DECLARE c CURSOR WITH HOLD FOR SELECT 1',
  'CREATE TEMP TABLE made AS SELECT 1',
  'CREATE TABLE made AS SELECT 1',
  'SET a.b = 1',
  'DO $$ BEGIN PERFORM f_write(); END $$',
  'CALL p_write()',
  'CALL p_read()',
  'LOCK TABLE t',
  "COPY t2 FROM PROGRAM 'true'",
  "COPY t2 TO '/tmp/misrouted'",
  'REFRESH MATERIALIZED VIEW mv',
  'VACUUM t2',
  'CHECKPOINT',
] as const;

/** What stands where a statement of the program's own may have an expression. `e` is the expression. */
const PLACES: readonly ((e: string) => string)[] = [
  (e) => `SELECT ${e}`,
  (e) => `select\n\t${e} from t order by id limit 2`,
  (e) => `SELECT id FROM t WHERE (${e}) IS NOT NULL ORDER BY id LIMIT 2`,
  (e) => `WITH x AS MATERIALIZED (SELECT ${e} AS c) SELECT c FROM x`,
  (e) => `WITH x(c) AS (SELECT ${e}) TABLE x`,
  (e) => `SELECT CASE WHEN (${e}) IS NULL THEN 1 ELSE 2 END`,
  (e) => `SELECT coalesce((${e})::text, 'x')`,
  (e) => `SELECT (SELECT ${e}) AS insert`,
  (e) => `SELECT ARRAY(SELECT ${e}) AS "update"`,
  (e) => `VALUES (1, (${e})::text), (2, NULL)`,
  (e) => `COPY (SELECT ${e}) TO STDOUT`,
  (e) => `COPY (SELECT (${e})::text) TO STDOUT WITH (FORMAT csv)`,
  (e) => `EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off) SELECT ${e}`,
  (e) => `EXPLAIN (COSTS off) SELECT ${e}`,
  (e) => `EXPLAIN (ANALYZE off) SELECT ${e} FROM t`,
  (e) => `SELECT 1; SELECT ${e}`,
  (e) => `SELECT ${e};;SELECT 2;`,
  (e) => `SELECT row_number() OVER (ORDER BY (${e})::text)`,
  (e) => `SELECT DISTINCT ON ((${e})::text) 1`,
  (e) => `SELECT 1 ORDER BY (${e})::text`,
  (e) => `SELECT count(*) FROM t GROUP BY (${e})::text`,
  (e) => `SELECT max(id) FROM t HAVING (${e}) IS NULL`,
  (e) => `SELECT id FROM t ORDER BY id LIMIT (SELECT 1 WHERE (${e}) IS NOT NULL)`,
  (e) => `SELECT 1 UNION ALL SELECT 2 WHERE (${e}) IS NULL`,
  (e) => `(SELECT * FROM (SELECT ${e} AS c) q)`,
  (e) => `SELECT q.c FROM t, LATERAL (SELECT ${e} AS c) q WHERE t.id = 1`,
  (e) => `SELECT count((${e})::text) FILTER (WHERE (${e}) IS NOT NULL) FROM t WHERE id < 3`,
  (e) => `SELECT t.id FROM t JOIN t2 ON (t2.tid = t.id AND (${e}) IS NULL) ORDER BY 1`,
  (e) => `SELECT jsonb_build_object('a', ${e})`,
  (e) => `SELECT ROW(${e}), 'FOR UPDATE', $$; DELETE FROM t$$, U&'\\0041'`,
  (e) => `SELECT * FROM ROWS FROM (unnest(ARRAY[(${e})::text])) AS x(c)`,
  (e) => `SELECT 1 WHERE EXISTS (SELECT 1 WHERE (${e}) IS NOT NULL)`,
  (e) => `SELECT 1 = ANY (SELECT 1 WHERE (${e}) IS NOT NULL)`,
  (e) =>
    `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 2 AND (${e}) IS NULL) SELECT * FROM r`,
];

/** Around a name of a table. */
const TABLE_PLACES: readonly ((name: string) => string)[] = [
  (name) => `TABLE ${name}`,
  (name) => `SELECT count(*) FROM ${name}`,
  (name) => `SELECT * FROM ONLY ${name} AS x`,
  (name) => `SELECT EXISTS (SELECT FROM ${name})`,
  (name) => `COPY ${name} TO STDOUT`,
  (name) => `EXPLAIN (COSTS off) SELECT * FROM ${name}`,
  (name) => `WITH x AS (SELECT * FROM ${name}) SELECT count(*) FROM x`,
  (name) => `SELECT * FROM ${name} FOR SHARE`,
  (name) => `SELECT x FROM ${name} x LIMIT 3`,
];

/** By the name of the type, what it may be given besides NULL. */
const SAMPLES: Readonly<Record<string, string>> = {
  anyelement: '1',
  anyarray: "'{1,2}'::int[]",
  anynonarray: '1',
  anycompatible: '1',
  anycompatiblearray: "'{1,2}'::int[]",
  anyenum: "'a'::mood",
  anyrange: "'[1,3)'::int4range",
  anymultirange: "'{[1,3)}'::int4multirange",
  '"any"': '1',
  record: 'ROW(1)',
  boolean: 'true',
  bytea: "'\\x0102'::bytea",
  json: `'{"a":1}'::json`,
  jsonb: `'{"a":1}'::jsonb`,
  jsonpath: "'$.a'::jsonpath",
  date: "'2020-02-29'::date",
  'time without time zone': "'12:00'::time",
  'time with time zone': "'12:00+00'::timetz",
  'timestamp without time zone': "'2020-02-29'::timestamp",
  'timestamp with time zone': "'2020-02-29 00:00+00'::timestamptz",
  interval: "'1 ms'::interval",
  regclass: "'t'::regclass",
  regtype: "'int4'::regtype",
  oid: "'t'::regclass::oid",
  inet: "'10.0.0.1'::inet",
  cidr: "'10.0.0.0/8'::cidr",
  uuid: "'00000000-0000-0000-0000-000000000001'::uuid",
  point: "'(1,2)'::point",
  box: "'(1,2),(3,4)'::box",
  bit: "B'1'",
  'bit varying': "B'101'::varbit",
  tsquery: "'a & b'::tsquery",
  tsvector: "'a b'::tsvector",
  pg_lsn: "'0/1'::pg_lsn",
  tid: "'(0,1)'::tid",
  regconfig: "'simple'::regconfig",
  'integer[]': "'{1,2}'::int[]",
  'text[]': "'{a,b}'::text[]",
  t: 'ROW(1, NULL, 2)::t',
};
const NUMBERS = /^(?:integer|bigint|smallint|numeric|real|double precision|xid|xid8|cid|money)$/;
const TEXTS = /^(?:text|name|character varying|character|"char"|unknown)$/;

/** A few hundred of them, so far apart, go once through what a server has. */
const SHORT_RUN_STEP = 13;

export class StatementSource {
  readonly #things: readonly string[][];
  readonly #random: Random;
  readonly #step: number;
  #next = 0;

  /** @param things What THINGS_QUERY gives, in its order. */
  constructor(things: readonly string[], random: Random, everyThing: boolean) {
    this.#things = things.map((thing) => thing.split('\x1f'));
    this.#random = random;
    // A short run has some of all kinds, from anywhere on: neighbours by name are alike (`pg_stat_...`). A long one has all.
    this.#next = everyThing ? 0 : Math.floor(random() * this.#things.length);
    this.#step = everyThing ? 1 : SHORT_RUN_STEP;
  }

  next(): string {
    const random = this.#random;
    const chance = random();
    if (chance < 0.03) return this.#decorate(this.#pick(WRITES));
    if (chance < 0.25) return this.#decorate(this.#pick(PLACES)(this.#pick(TRAPS)));
    const thing = this.#things[this.#next % this.#things.length] ?? [];
    this.#next += this.#step;
    const [kind = '', name = ''] = thing;
    if (kind === 'table') return this.#decorate(this.#pick(TABLE_PLACES)(name));
    const expression = this.#expression(thing);
    // A set-returning function is not allowed everywhere.
    const place = random() < 0.4 ? (e: string) => `SELECT ${e}` : this.#pick(PLACES);
    if (kind === 'function' && random() < 0.2) return this.#decorate(`SELECT * FROM ${expression}`);
    const other =
      random() < 0.05 ? `(${expression}) IS NULL OR (${this.#pick(TRAPS)}) IS NULL` : '';
    return this.#decorate(place(other === '' ? expression : other));
  }

  #expression([kind, name = '', first = '', second = '']: readonly string[]): string {
    switch (kind) {
      case 'function': {
        const types = second === '' ? [] : second.split('\x1e');
        return `${this.#nameOf(name)}(${types.map((type) => this.#value(type)).join(', ')})`;
      }
      case 'operator':
        return `${first === '-' ? '' : this.#value(first)} OPERATOR(pg_catalog.${name}) ${this.#value(second)}`;
      default:
        return `CAST(${this.#value(name)} AS ${first})`;
    }
  }

  #nameOf(name: string): string {
    const quoted = `"${name}"`;
    return this.#pick([name, quoted, `pg_catalog.${quoted}`, `pg_catalog /* ( */ . ${quoted} `]);
  }

  #value(type: string): string {
    if (this.#random() < 0.15)
      return type.startsWith('any') || type === '"any"' ? 'NULL' : `NULL::${type}`;
    const sample = SAMPLES[type];
    if (sample !== undefined) return sample;
    if (NUMBERS.test(type)) return `${this.#pick(['1', '2', '0', '7'])}::text::${type}`;
    if (TEXTS.test(type)) return `${this.#pick(["'a'", "'t'", "'public'", "'1'", "''"])}::${type}`;
    return `NULL::${type}`;
  }

  #decorate(statement: string): string {
    const random = this.#random();
    if (random < 0.7) return statement;
    return this.#pick([
      `/* a; /* b */ */ ${statement}`,
      `-- it's a comment; DELETE\n${statement}`,
      `${statement} -- FOR UPDATE`,
      ` ;; ${statement} ;`,
      `${statement}\n/* ' */`,
      `\r\n\f${statement}`,
    ]);
  }

  #pick<T>(items: readonly [T, ...T[]] | readonly T[]): T {
    const item = items[Math.floor(this.#random() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}
