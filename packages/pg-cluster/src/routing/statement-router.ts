/**
 * Gives the verdict on a query, by the identity of its template where it has one, and keeps the catalogue fresh.
 *
 * Until the catalogue is there, and from a statement that may have changed it until it was read again, everything goes
 * to the primary.
 */
import type {ResultRow, SQLQuery} from '@databases/pg';
import sql, {pgFormat} from '@databases/sql';
import {changesCatalogue} from './catalogue-changes';
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
const CATALOGUE = sql.__dangerous__rawValue(CATALOGUE_QUERY);

export class StatementRouter {
  readonly #options: StatementRouterOptions;
  readonly #router: Router;
  #byTemplate = new WeakMap<readonly string[], Verdict>();
  readonly #changing = new WeakMap<readonly string[], boolean>();
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

  /** Whether it may change what the catalogue says. Told by its text alone, so also while there is no catalogue. */
  changes(query: SQLQuery): boolean {
    const {strings} = query;
    if (strings === undefined) return changesCatalogue(textOf(query));
    let changes = this.#changing.get(strings);
    if (changes === undefined) {
      changes = changesCatalogue(textOf(query));
      this.#changing.set(strings, changes);
    }
    return changes;
  }

  /** A statement that changes the catalogue has ended: it is read again, and everything goes to the primary until then. */
  changed(): void {
    this.#changes++;
    this.#use(undefined);
    void this.refresh();
  }

  /** Whether there is no catalogue, and none on the way. */
  get missing(): boolean {
    return this.#readAt === Number.NEGATIVE_INFINITY && this.#reading === undefined;
  }

  /** Whether there is a catalogue that is too old. */
  get stale(): boolean {
    const age = this.#options.now() - this.#readAt;
    return age > REFRESH_MILLISECONDS && age !== Number.POSITIVE_INFINITY;
  }

  /** Never rejects: what could not be read now is read another time. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const {ask, now} = this.#options;
    try {
      for (;;) {
        const changes = this.#changes;
        const rows: CatalogueRow[] = await ask(CATALOGUE);
        // What was changed meanwhile may or may not be in it.
        if (changes !== this.#changes) continue;
        this.#use(rows);
        this.#readAt = now();
        return;
      }
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
