/**
 * Finds out what a statement that the routing rules send to a replica really does: it is run on a primary, and what it
 * left behind there is looked for, and on a standby of it, whose answer has to be the same.
 *
 * What the rules send to the primary is judged as well where it matters how much of that could have gone to a replica.
 */
import {CATALOGUE_QUERY, classify, describeVerdict, readCatalogue} from '@databases/pg-cluster';
import type {Catalogue, CatalogueRow} from '@databases/pg-cluster';
import type {Answer, PlainSession} from './plain-session';

export interface Misroute {
  readonly statement: string;
  readonly what: string;
}

export interface Counts {
  statements: number;
  /** Sent to a replica by the rules, and tried. */
  toReplica: number;
  /** Those of them that gave the same rows, or the same error, on both. */
  same: number;
  /** Give another answer each time, on one node too. */
  varying: number;
  /** Refused by the standby with what a cluster runs again on the primary: a temporary table, for example. */
  absorbed: number;
  /** Succeeded with the same rows on both and left nothing behind. */
  safe: number;
  /** Those of the safe ones that the rules send to the primary. */
  lost: number;
}

export const NO_COUNTS: Readonly<Counts> = {
  statements: 0,
  toReplica: 0,
  same: 0,
  varying: 0,
  absorbed: 0,
  safe: 0,
  lost: 0,
};

/** What becomes of statements that the rules send to the primary: they are run there, or judged as all others, or not run. */
export type Others = 'run' | 'judge' | 'leave';

/**
 * What a statement leaves behind that is not a row: the transaction's number, which every write, lock of a row and
 * notification takes, and what the session holds.
 */
const TRACES = `SELECT pg_catalog.pg_current_xact_id_if_assigned(),
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks l
    WHERE l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()
      AND l.locktype OPERATOR(pg_catalog.=) 'advisory'),
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_prepared_statement()),
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_cursor() WHERE is_holdable),
  (SELECT pg_catalog.count(*) FROM pg_catalog.pg_listening_channels()),
  (SELECT pg_catalog.md5(pg_catalog.string_agg(
      s.name OPERATOR(pg_catalog.||) s.setting, ',' ORDER BY s.name))
    FROM pg_catalog.pg_show_all_settings() s)`;

const READING =
  /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/|\()*(?:select|with|values|table|copy|explain|show)\b/i;
/** No function, view, sequence, type or policy is made or changed by these: the catalogue says what it said. */
const CHANGES_NO_CATALOGUE = new RegExp(
  String.raw`^(?:\s|--[^\n]*\n|/\*[^]*?\*/|\()*(?:select|with|values|table|copy|explain|show|insert|update|delete|merge` +
    '|set|reset|begin|start|savepoint|release|declare|fetch|move|close|prepare|execute|deallocate|analyze|vacuum' +
    '|reindex|comment|truncate|listen|unlisten|notify|lock|discard|checkpoint|grant|revoke|drop' +
    String.raw`|(?:create|alter)\s+(?:role|user|group|schema|statistics|trigger|(?:unique\s+)?index)` +
    String.raw`|create\s+table(?![^]*\b(?:inherits|partition\s+of|generated|serial|bigserial)\b))\b`,
  'i',
);
/** What a session needs so that both nodes read a text alike. */
const SETS_SESSION =
  /^(?:\s|--[^\n]*\n|\/\*[^]*?\*\/)*(?:set\s+(?!local|transaction|constraints)|reset\b|discard\b|select\s+set_config\()/i;
/**
 * 42*, 3F000: something is not there, and the primary is asked (docs/design/cluster-routing.md). 0A000: as well, of a
 * session that is serializable by default, which a standby cannot be.
 */
const ABSORBED = /^(?:0A000|42P01|42883|42703|42704|3F000|42P02|26000|34000)$/;
/** Would end the standby, or the test. */
const DANGEROUS =
  /pg_promote|pg_wal_replay|pg_terminate|pg_cancel|pg_reload|pg_sleep|pg_rotate|dblink|pg_advisory_lock/i;

export interface Sessions {
  readonly primary: PlainSession;
  readonly standby: PlainSession;
  readonly administrator: PlainSession;
  /** On the standby, and with the settings that it began with. */
  readonly watcher: PlainSession;
}

export class MisrouteFinder {
  readonly misroutes: Misroute[] = [];
  readonly counts: Counts = {...NO_COUNTS};
  readonly lost: string[] = [];
  readonly #primary: PlainSession;
  readonly #standby: PlainSession;
  /** On the primary, for what the session may not, as whoever it is by then. */
  readonly #administrator: PlainSession;
  readonly #watcher: PlainSession;
  readonly #others: Others;
  #catalogue: Catalogue | undefined;
  #status = 'I';
  #position: string | undefined;

  constructor({primary, standby, administrator, watcher}: Sessions, others: Others) {
    this.#primary = primary;
    this.#standby = standby;
    this.#administrator = administrator;
    this.#watcher = watcher;
    this.#others = others;
  }

  async judge(statement: string, copyData?: () => string): Promise<void> {
    this.counts.statements++;
    const reads = READING.test(statement) && this.#status !== 'E';
    const verdict = reads ? classify(statement, await this.#readCatalogue()) : undefined;
    const isToReplica = verdict?.target === 'replica';
    if (verdict === undefined || (!isToReplica && !this.#mayTry(statement))) {
      if (this.#others !== 'leave') await this.#runUnjudged(statement, copyData);
      return;
    }
    if (isToReplica) this.counts.toReplica++;
    const effect = await this.#effectOf(statement);
    if (isToReplica && effect.left !== undefined) this.#found(statement, effect.left);
    // What an open transaction has written is not on the standby, and never is in a transaction of a cluster.
    if (this.#status !== 'I') return;
    await this.#catchUp();
    const there = await this.#standby.run(statement);
    if (isToReplica) await this.#compare(statement, effect.answer, there);
    if (there.status !== 'I') await this.#standby.run('ROLLBACK');
    if (there.sqlState !== undefined || effect.answer.sqlState !== undefined) return;
    if (effect.left !== undefined || !isSame(effect.answer, there)) return;
    this.counts.safe++;
    if (isToReplica) return;
    this.counts.lost++;
    this.lost.push(`${describeVerdict(verdict)}: ${statement}`);
  }

  #mayTry(statement: string): boolean {
    return this.#others === 'judge' && this.#status === 'I' && !DANGEROUS.test(statement);
  }

  async #runUnjudged(statement: string, copyData?: () => string): Promise<void> {
    const {status, sqlState} = await this.#primary.run(statement, copyData);
    const ended = this.#status !== 'I' && status === 'I';
    this.#status = status;
    if (ended || (sqlState === undefined && !CHANGES_NO_CATALOGUE.test(statement))) {
      this.#catalogue = undefined;
    }
    if (status === 'I' && sqlState === undefined && SETS_SESSION.test(statement)) {
      // It may name what was only just made.
      await this.#catchUp();
      await this.#standby.run(statement);
    }
  }

  /** What it left behind, in a transaction of its own where there is none, so that a number is taken for it alone. */
  async #effectOf(statement: string): Promise<{answer: Answer; left: string | undefined}> {
    const isAlone = this.#status === 'I';
    if (isAlone) await this.#primary.run('BEGIN');
    const before = await this.#primary.run(TRACES);
    const answer = await this.#primary.run(statement);
    let left: string | undefined;
    if (answer.status === 'T') {
      const after = await this.#primary.run(TRACES);
      if (after.rows[0] !== before.rows[0])
        left = `left behind ${print(before)} -> ${print(after)}`;
    }
    this.#status = isAlone ? (await this.#primary.run('COMMIT')).status : answer.status;
    return {answer, left};
  }

  async #compare(statement: string, here: Answer, there: Answer): Promise<void> {
    const {counts} = this;
    if (here.sqlState === there.sqlState && isSame(here, there)) {
      counts.same++;
    } else if (there.sqlState !== undefined && ABSORBED.test(there.sqlState)) {
      counts.absorbed++;
    } else if (here.sqlState === '57014' || there.sqlState === '57014') {
      counts.varying++;
    } else if (here.sqlState === there.sqlState && (await this.#varies(statement, here, there))) {
      counts.varying++;
    } else {
      this.#found(statement, `primary: ${describeAnswer(here)}, standby: ${describeAnswer(there)}`);
    }
  }

  /** It gives something else when it is run again: a time, a number by chance, what was in a cache. */
  async #varies(statement: string, here: Answer, there: Answer): Promise<boolean> {
    return (
      !isSame(here, await this.#primary.run(statement)) ||
      !isSame(there, await this.#standby.run(statement))
    );
  }

  #found(statement: string, what: string): void {
    this.misroutes.push({statement, what});
  }

  /** Undefined, which sends everything to the primary, where the session makes it impossible. */
  async #readCatalogue(): Promise<Catalogue | undefined> {
    this.#catalogue ??= await this.#askForCatalogue();
    return this.#catalogue;
  }

  async #askForCatalogue(): Promise<Catalogue | undefined> {
    // What a transaction has made is seen in its session only.
    const session = this.#status === 'I' ? this.#administrator : this.#primary;
    // As one value, because the session says everything as text.
    const {rows} = await session.run(`SELECT pg_catalog.json_agg(c) FROM (${CATALOGUE_QUERY}) c`);
    const [row] = rows;
    if (row === undefined) return undefined;
    // A DataRow: the number of its columns, the length of the first one, and that.
    const catalogueRows: CatalogueRow[] = JSON.parse(
      Buffer.from(row, 'latin1').toString('utf8', 6),
    );
    return readCatalogue(catalogueRows);
  }

  /** The standby has all that the primary has written. */
  async #catchUp(): Promise<void> {
    const written = 'SELECT pg_catalog.pg_current_wal_insert_lsn()';
    const [before] = (await this.#administrator.run(written)).rows;
    if (before === this.#position) return;
    // A commit, so that what was written by reads and by what was rolled back is not left in memory for seconds.
    await this.#administrator.run("SELECT pg_catalog.pg_logical_emit_message(true, '', '')");
    const [after] = (await this.#administrator.run(written)).rows;
    this.#position = after;
    // Not what was inserted, which at the end of a page is beyond the header of the next one, where nothing is yet.
    const flushed = await this.#administrator.run('SELECT pg_catalog.pg_current_wal_flush_lsn()');
    const [position = ''] = flushed.rows;
    const lsn = position.slice(6);
    for (;;) {
      const {rows, message} = await this.#watcher.run(
        `SELECT 1 WHERE pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '${lsn}') OPERATOR(pg_catalog.>=) 0`,
      );
      if (message !== '') throw new Error(message);
      if (rows.length > 0) return;
    }
  }
}

function isSame(one: Answer, other: Answer): boolean {
  if (one.sqlState !== other.sqlState || one.rows.length !== other.rows.length) return false;
  if (one.rows.every((row, index) => row === other.rows[index])) return true;
  const rows = other.rows.toSorted();
  return one.rows.toSorted().every((row, index) => row === rows[index]);
}

function describeAnswer({rows, sqlState, message}: Answer): string {
  if (sqlState !== undefined) return `${sqlState} ${message}`;
  return `${rows.length} rows ${printable(rows.slice(0, 2).join(' '))}`;
}

function print({rows}: Answer): string {
  return printable(rows.join(' '));
}

function printable(text: string): string {
  return JSON.stringify(text.replaceAll(/[^ -~]+/g, ' ').slice(0, 200));
}
