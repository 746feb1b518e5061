/**
 * Gives the verdict on a query, by the identity of its template where it has one, and keeps the catalogue fresh.
 *
 * Until the catalogue is there, and from a statement that may have changed it until it was read again, everything goes
 * to the primary.
 */
import type {ResultRow, SQLQuery} from '@databases/pg';
import sql, {pgFormat} from '@databases/sql';
import {CATALOGUE_QUERY} from './catalogue-query';
import {readCatalogue} from './read-catalogue';
import type {CatalogueRow} from './read-catalogue';
import {Router} from './router';
import type {RouterOptions} from './router';
import type {Verdict} from './verdict';

export interface StatementRouterOptions extends RouterOptions {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Runs the query on a node, the primary if there is one. */
  readonly ask: (query: SQLQuery) => Promise<ResultRow[]>;
  readonly now: () => number;
}

const REFRESH_MILLISECONDS = 60_000;
/** First words of what may add, change or remove something that the catalogue knows. */
const CHANGES_CATALOGUE = new Set(['create', 'alter', 'drop', 'do', 'call', 'import', 'security']);
/** What never is on a replica, or changes no effects: made often, and by itself no reason to read the catalogue. */
const CHANGES_NOTHING = /^\s*create\s+(?:temp|temporary|index|unique)\b/i;
const CATALOGUE = sql.__dangerous__rawValue(CATALOGUE_QUERY);

export class StatementRouter {
  readonly #options: StatementRouterOptions;
  readonly #router: Router;
  #byTemplate = new WeakMap<readonly string[], Verdict>();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  /** Counts the statements that may have changed the catalogue. */
  #changes = 0;

  constructor(options: StatementRouterOptions) {
    this.#options = options;
    this.#router = new Router(options);
  }

  verdict(query: SQLQuery): Verdict {
    const {strings} = query;
    if (strings === undefined) return this.#router.verdict(textOf(query));
    let verdict = this.#byTemplate.get(strings);
    if (verdict === undefined) {
      verdict = this.#router.verdict(textOf(query));
      this.#byTemplate.set(strings, verdict);
    }
    return verdict;
  }

  /** A statement was sent to the primary. */
  ran(query: SQLQuery, verdict: Verdict): void {
    // While there is none, the change may be too late for the one that is being read.
    const first = verdict.rule === 'firstWord' ? verdict.at?.text.toLowerCase() : undefined;
    if (verdict.rule !== 'catalogueNotLoaded') {
      if (first === undefined || !CHANGES_CATALOGUE.has(first)) return;
      if (CHANGES_NOTHING.test(textOf(query))) return;
    }
    this.#changes++;
    this.#use(undefined);
  }

  /** Whether the catalogue is to be read (again). */
  get stale(): boolean {
    return this.#options.now() - this.#readAt > REFRESH_MILLISECONDS;
  }

  /** Never rejects: what could not be read now is read another time. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const changes = this.#changes;
    const {ask, now} = this.#options;
    try {
      const rows: CatalogueRow[] = await ask(CATALOGUE);
      // What was changed meanwhile may or may not be in it.
      if (changes !== this.#changes) return;
      this.#use(rows);
      this.#readAt = now();
    } catch {
      // Everything goes to the primary until then.
    }
  }

  #use(rows: readonly CatalogueRow[] | undefined): void {
    this.#byTemplate = new WeakMap();
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.#router.use(rows === undefined ? undefined : readCatalogue(rows, this.#options));
  }
}

function textOf(query: SQLQuery): string {
  return query.format(pgFormat).text;
}
