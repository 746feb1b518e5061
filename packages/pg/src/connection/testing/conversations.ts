/**
 * What the fuzzer's sessions ask for: every exchange there is, with answers of every shape and type.
 *
 * Texts only, no session: the server's half of each is recorded in test/adversity/corpus/conversations, so
 * after a change here it has to be recorded again.
 */
import {createHash} from 'node:crypto';
import {writeCopyData} from '../../protocol';
import type {ByteWriter} from '../../protocol';
import {TypeRegistry} from '../../types';
import type {EncodedParameter} from '../../types';
import {CopyIn} from '../exchanges/copy-in';
import {CopyOut} from '../exchanges/copy-out';
import {ExtendedQuery} from '../exchanges/extended-query';
import {PortalCursor} from '../exchanges/portal-cursor';
import {SimpleQuery} from '../exchanges/simple-query';
import {Step} from '../exchanges/step';
import type {TransactionStatus} from '../session/exchange';
import {PreparedStatement} from '../statements/prepared-statements';
import {Statement} from '../statements/statement';
import type {Conversation, Settle} from './half';

const registry = new TypeRegistry();

/** Of all that is in it, without keeping it. */
function digest(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? `${item}n` : item,
  );
  return createHash('sha256').update(text).digest('base64').slice(0, 12);
}

class Query extends ExtendedQuery {
  readonly #settle: Settle;

  constructor(steps: readonly Step[], settle: Settle) {
    super(steps, registry);
    this.#settle = settle;
  }

  ended(status: TransactionStatus): void {
    const results = this.steps.map(({rows, commandTag, unreadable}) => [
      rows,
      commandTag,
      unreadable?.message,
    ]);
    this.#settle(digest([results, this.error, status]));
  }

  lost(error: Error): void {
    this.#settle(error.name);
  }
}

const query = (statement: Statement, parameters: readonly EncodedParameter[] = []) => {
  return (settle: Settle) => new Query([new Step(statement, parameters)], settle);
};

const steps = (...texts: readonly string[]) =>
  texts.map((text) => new Step(new Statement(text), []));

const queries = (...texts: readonly string[]): Conversation =>
  texts.map((text) => query(new Statement(text)));

/** Described and read as text the first time, in the formats that are read fastest the second and third. */
function prepared(...texts: readonly string[]): Conversation {
  return texts.flatMap((text) => {
    const statement = new Statement(text);
    statement.lastUse = 1;
    return [query(statement), query(statement), query(statement)];
  });
}

const endOf = (settle: Settle) => (outcome: number | Error) =>
  settle(typeof outcome === 'number' ? `${outcome} rows` : outcome.name);

function cursor(text: string): Conversation {
  const statement = new Statement(text);
  statement.lastUse = 1;
  const description = new Step(statement, [], false);
  return [
    (settle) => new Query([description], settle),
    (settle) => {
      const read: unknown[] = [];
      const portal: PortalCursor = new PortalCursor(
        description.prepared ?? new PreparedStatement(statement, statement.name),
        [],
        10,
        {
          batch(rows, last) {
            for (let row = rows?.next(); row !== undefined; row = rows?.next()) read.push(row);
            if (rows?.error !== undefined) read.push(rows.error.message);
            rows?.release();
            if (!last) portal.fetch(20);
          },
          ended: (error) => settle(error?.name ?? digest(read)),
        },
      );
      return portal;
    },
  ];
}

function copyIn(text: string, data: string): Conversation[number] {
  return (settle: Settle, writer: ByteWriter) => {
    const copy = new CopyIn(text, {
      opened() {
        writeCopyData(writer, Buffer.from(data));
        copy.done();
      },
      ended: endOf(settle),
    });
    return copy;
  };
}

function copyOut(text: string): Conversation[number] {
  return (settle) => {
    const hash = createHash('sha256');
    return new CopyOut(text, {
      data: (bytes) => hash.update(bytes),
      ended: (outcome) =>
        settle(typeof outcome === 'number' ? hash.digest('base64') : outcome.name),
    });
  };
}

const simple = (text: string): Conversation[number] => {
  return (settle) => {
    const rows: unknown[] = [];
    const done = (error: Error | undefined, tags: readonly string[]) =>
      settle(error?.name ?? digest([rows, tags]));
    return new SimpleQuery(text, done, (row) => rows.push(row));
  };
};

const NUMBERS = `SELECT i, i::int2 AS small, i::int8 * 1000000007 AS large, i / 3.0 AS quotient,
  i::float8 / 3 AS double, i::float4 AS single, i % 2 = 0 AS even, NULL::int AS nothing
  FROM generate_series(-5, 5) AS i`;
const TEXTS = `SELECT repeat('é', i) AS accents, 'x'::"char" AS letter, i::text COLLATE "C" AS digits,
  '\\x00ff'::bytea AS bytes, '{"a": [1, null, {"b": "c"}]}'::json AS document,
  '{"a": 1e300}'::jsonb AS binary_document, gen AS uuid
  FROM generate_series(0, 9) AS i, (SELECT '7d444840-9dc0-11d1-b245-5ffdce74fad2'::uuid AS gen) AS u`;
const TIMES = `SELECT '2024-02-29'::date AS day, '2024-02-29 12:34:56.789012'::timestamp AS moment,
  '2024-02-29 12:34:56.789012+02'::timestamptz AS instant, '12:34:56.7'::time AS time,
  '12:34:56+01'::timetz AS zoned, '1 year 2 mons -3 days 04:05:06.7'::interval AS span,
  'infinity'::timestamptz AS never, '-infinity'::date AS ever`;
const ARRAYS = `SELECT '{1,2,NULL}'::int[] AS numbers, '{{a,b},{"c,\\"",NULL}}'::text[] AS texts,
  '[2:3]={5,6}'::int8[] AS shifted, '{}'::float8[] AS empty, '{t,f}'::bool[] AS flags,
  ARRAY['{"a":1}'::jsonb] AS documents, '(1,2)'::point AS point, '<(0,0),5>'::circle AS circle,
  ROW(1, 'a,b', NULL) AS composite, '[1,5)'::int4range AS range, '1.2.3.4/8'::inet AS address`;

/** By the name of the recording. Functions, since an exchange serves once. */
export const conversations: Readonly<Record<string, () => Conversation>> = {
  simple: () => [
    simple(`SELECT 1 AS one, NULL, 'two'; SELECT; ; SET application_name = 'fuzz'`),
    simple('SELECT 1 / 0'),
    simple(''),
    simple('DISCARD ALL'),
  ],
  extended: () => [
    ...queries(NUMBERS, TEXTS, TIMES, ARRAYS, '', `SET TimeZone = 'Asia/Tokyo'`),
    query(new Statement('SELECT $1::text AS a, $2::bytea AS b'), ['text', Buffer.from('bytes')]),
    ...queries('SELECT 1 AS one, 1 / 0', 'SELECT * FROM nowhere', 'SELEC', 'SELECT'),
  ],
  prepared: () => prepared(NUMBERS, TEXTS, TIMES, ARRAYS),
  asynchronous: () =>
    queries(
      `DO $$ BEGIN RAISE NOTICE 'a notice'; RAISE WARNING 'another' USING HINT = 'a hint', DETAIL = 'detail'; END $$`,
      'LISTEN channel',
      `SELECT pg_notify('channel', repeat('payload', 100))`,
      `SELECT set_config('application_name', 'new name', false)`,
      'UNLISTEN *',
    ),
  pipeline: () => [
    (settle) => new Query(steps('BEGIN', NUMBERS, 'COMMIT'), settle),
    (settle) => new Query(steps('BEGIN', 'SELECT 1 / 0', 'COMMIT'), settle),
    simple('ROLLBACK'),
    (settle) => new Query(steps('BEGIN', 'COPY (SELECT 1) TO STDOUT', 'COMMIT'), settle),
  ],
  rows: () =>
    prepared(`SELECT i, md5(i::text) AS hash, NULL AS nothing FROM generate_series(1, 200) AS i`),
  large: () => queries(`SELECT repeat('0123456789', 7000) AS text`),
  cursor: () => cursor('SELECT i, i::text AS text FROM generate_series(1, 45) AS i'),
  'cursor-error': () => cursor('SELECT 10 / (30 - i) AS q FROM generate_series(1, 45) AS i'),
  copy: () => [
    ...queries('CREATE TEMPORARY TABLE copied (id int, name text)'),
    copyIn('COPY copied FROM STDIN', '1\tone\n2\ttwo\n'),
    copyIn('COPY copied FROM STDIN', 'not a number\tone\n'),
    copyIn('COPY nowhere FROM STDIN', ''),
    copyOut('COPY copied TO STDOUT'),
    copyOut(
      'COPY (SELECT i, repeat(i::text, 10) FROM generate_series(1, 100) AS i) TO STDOUT (FORMAT binary)',
    ),
    copyOut('COPY (SELECT 1 / (50 - i) FROM generate_series(1, 100) AS i) TO STDOUT'),
    ...queries('/* not seen as a copy */ COPY copied FROM STDIN', 'SELECT count(*) FROM copied'),
  ],
};
