/** Statements that the facade and pg have to answer alike, in this order on one connection. */
import type {QueryConfig} from '@databases/pg-compat';

export type Statement = readonly [query: string | QueryConfig, values?: readonly unknown[]];

const invalidParser = {
  getTypeParser: () => (): never => {
    throw new Error('the parser failed');
  },
};

const VALUES: readonly Statement[] = [
  ['select 1 as a, 2.5::numeric as n, 10000000000::int8 as b, true as t, null as z'],
  [
    `select '2020-01-02'::date, '2020-01-02 03:04:05.678901'::timestamp a,
       '2020-01-02 03:04:05.678901+05:30'::timestamptz b, '0044-03-15 BC'::date c,
       'infinity'::timestamptz d, '-infinity'::date e, '0001-02-03'::date f, '12345-02-03'::date g`,
  ],
  [
    `select '1 year 2 mons -3 days 04:05:06.789'::interval a, '-1 day'::interval b, '0'::interval c,
       '-00:00:01.5'::interval d, array['1 day'::interval] e`,
  ],
  [
    `select '{1,2,NULL}'::int[] a, '{{1,2},{3,4}}'::int8[] b, '{a,"b c",NULL}'::text[] c,
       '{1.5}'::numeric[] d, '{t,f}'::bool[] e, '{"2020-01-01"}'::date[] f, array['\\x01ff'::bytea] g,
       array['{"a":1}'::jsonb] h, '{}'::int[] i, '{"(1,2)"}'::point[] j`,
  ],
  [
    `select '\\x0001ff'::bytea a, '(1,2.5)'::point b, '<(1,2),3>'::circle c, '{"a":[1]}'::json d, '5'::jsonb e,
       1.5::float4 f, 'NaN'::float8 g, 'a'::"char" h, '12:00'::time i, '$1.00'::money j, '[1,2)'::int4range k,
       7::oid l, 'x'::name m`,
  ],
  [
    'select $1::int a, $2::text b, $3::jsonb c, $4::int[] d, $5::timestamptz e, $6::bytea f',
    [1, 'x', {a: 1}, [1, null, 3], new Date(1_600_000_000_123), Buffer.from([1, 2])],
  ],
  ['select $1::text[] a, $2::jsonb[] b', [['a"b', 'c\\d', null, 'e,f'], [{a: '"'}]]],
  ['select $1::text', [undefined]],
  ['select $1::text', [true]],
  ['select $1::text', [12n]],
  ['select $1::float8', [Number.NaN]],
  ['select $1::timestamptz', [new Date(-62_198_755_200_000)]],
  ['select $1::text', [{toPostgres: (prepare: (value: unknown) => unknown) => prepare([1, 2])}]],
  ['select $1::bytea a', [new Uint8Array([1, 2, 3])]],
  ['select $1::bytea[] a', [[Buffer.from('a')]]],
  ['select 1 as "__proto__"'],
  [{text: 'select 1 a, 2 a, 3 b'}],
  [{text: 'select 1 a, 2 a, 3 b', rowMode: 'array'}],
  [{text: 'select 1 as a', types: {getTypeParser: () => (text: string) => `parsed ${text}`}}],
];

const COMMANDS: readonly Statement[] = [
  [
    'select 1 as a; select 2 as b, 3 as c; create temp table x(a int); insert into x values (1), (2)',
  ],
  [''],
  [' ; '],
  ['create table t(id int primary key, v text)'],
  ['insert into t values ($1, $2) returning id', [1, 'a']],
  ['insert into t values (1)'],
  ['update t set v = $1', ['b']],
  ['delete from t'],
  ['select from generate_series(1, 2)'],
  ['explain select 1'],
  ['values (1), (2)'],
  ['set x.y = 1'],
  ['show x.y'],
  ['copy (values (1), (2)) to stdout'],
  [{text: 'copy (values (1), (2)) to stdout', queryMode: 'extended'}],
  ['copy t from stdin'],
  ['begin'],
  ['select nope'],
  ['select 1'],
  ['rollback'],
  ['drop table t'],
  ['listen channel'],
  ["notify channel, 'payload'"],
  [`do $$ begin raise notice 'noticed'; end $$`],
];

const ERRORS: readonly Statement[] = [
  ['select nope'],
  ['select 1 / $1::int', [0]],
  ['selec'],
  ['select 1; select nope'],
  [
    `do $$ begin raise exception using message = 'm', detail = 'd', hint = 'h', errcode = 'P1234',
       table = 't', column = 'c', schema = 's', constraint = 'k', datatype = 'dt'; end $$`,
  ],
  [{text: 'select 1; select 2', queryMode: 'extended'}],
  [{text: 'select 1 as a', types: invalidParser}],
  ['select $1::int', ['one']],
];

const NAMED: readonly Statement[] = [
  [{name: 'n', text: 'select $1::int a', values: [4]}],
  [{name: 'n', text: 'select $1::int a', values: [5]}],
  [{name: 'n', text: 'select 2'}],
  [{name: 'broken', text: 'select nope'}],
  [{name: 'broken', text: 'select 1 a'}],
];

export const STATEMENTS = [...VALUES, ...COMMANDS, ...ERRORS, ...NAMED];
