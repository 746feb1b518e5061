/**
 * Gives the verdict on a query, by the identity of its template where it has one, and keeps the catalogue fresh.
 *
 * Until the catalogue is there, and from a statement that changes it until it was read again, everything goes to the
 * primary. What runs code of the database (CALL, DO, functions) may change it and hardly ever does: the catalogue is
 * read again and used meanwhile, and once a reading has shown that a template left it as it was, that one is believed.
 */
import type {ResultRow, SQLQuery} from '@databases/pg';
import sql, {pgFormat} from '@databases/sql';
import type {Catalogue} from './catalogue';
import {changeOfCatalogue, worseChange} from './catalogue-changes';
import type {CatalogueChange} from './catalogue-changes';
import {CATALOGUE_QUERY} from './catalogue-query';
import {isSameCatalogue, readCatalogue} from './read-catalogue';
import type {CatalogueRow} from './read-catalogue';
import {Router} from './router';
import type {RouterOptions} from './router';
import {significantTokens} from './significant-tokens';
import type {Verdict} from './verdict';

export interface StatementRouterOptions extends RouterOptions {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Runs the query on a node, the primary if there is one. */
  readonly ask: (query: SQLQuery) => Promise<ResultRow[]>;
  readonly now: () => number;
}

const REFRESH_MILLISECONDS = 60_000;
/** What runs code all the time has it read no oftener than this, and for no more than this part of the time. */
const SUSPICION_MILLISECONDS = 1000;
const SUSPICION_FACTOR = 100;
/** Of statements without a template, how many are remembered. */
const MAX_TEXTS = 1000;
const CATALOGUE = sql.__dangerous__rawValue(CATALOGUE_QUERY);

export class StatementRouter {
  readonly #options: StatementRouterOptions;
  readonly #router: Router;
  #byTemplate = new WeakMap<readonly string[], Verdict>();
  #changing = new WeakMap<readonly string[], CatalogueChange>();
  #changingTexts = new Map<string, CatalogueChange>();
  #catalogue: Catalogue | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  /** Counts the statements that have changed the catalogue. */
  #changes = 0;
  /** The templates that may have changed it since it was last asked for; undefined stands for all without one. */
  #suspects = new Set<readonly string[] | undefined>();
  #tookMilliseconds = 0;
  #count: string | undefined;

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

  /** Whether it changes what the catalogue says. Told by its text, and by which functions run the database's own code. */
  changeBy(query: SQLQuery): CatalogueChange {
    const {strings} = query;
    if (strings === undefined) return this.#changeByText(textOf(query));
    let change = this.#changing.get(strings);
    if (change === undefined) {
      change = this.#changeOf(textOf(query));
      this.#changing.set(strings, change);
    }
    return change;
  }

  /** A statement that changes the catalogue has ended: it is read again, and everything goes to the primary until then. */
  changed(): void {
    this.#changes++;
    this.#use(undefined);
    void this.refresh();
  }

  /** A statement that may have changed it has ended: it is read again soon, and is good enough until then. */
  suspect(query?: SQLQuery): void {
    this.#suspects.add(query?.strings);
    if (this.#reading === undefined && this.#mayReadAgain) void this.refresh();
  }

  /**
   * How often the primary's catalogue was written, by its statistics. Another count is a suspicion: somebody has made or
   * changed something, by whatever way.
   */
  counted(count: string | undefined): void {
    if (count === this.#count) return;
    const isKnown = this.#count !== undefined;
    this.#count = count;
    if (isKnown && count !== undefined) this.suspect();
  }

  /** Whether there is no catalogue, and none on the way. */
  get missing(): boolean {
    return this.#readAt === Number.NEGATIVE_INFINITY && this.#reading === undefined;
  }

  /** Whether there is a catalogue that is too old, or under suspicion for long enough. */
  get stale(): boolean {
    if (this.#readAt === Number.NEGATIVE_INFINITY) return false;
    if (this.#suspects.size > 0 && this.#mayReadAgain) return true;
    return this.#options.now() - this.#readAt > REFRESH_MILLISECONDS;
  }

  get #mayReadAgain(): boolean {
    const pause = Math.max(SUSPICION_MILLISECONDS, this.#tookMilliseconds * SUSPICION_FACTOR);
    return this.#options.now() - this.#readAt >= pause;
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
        const suspects = this.#suspects;
        this.#suspects = new Set();
        const startedAt = now();
        let rows: CatalogueRow[];
        try {
          rows = await ask(CATALOGUE);
        } catch (error) {
          for (const suspect of suspects) this.#suspects.add(suspect);
          throw error;
        }
        this.#tookMilliseconds = now() - startedAt;
        // What was changed meanwhile may or may not be in it.
        if (changes !== this.#changes) continue;
        const catalogue = readCatalogue(rows, this.#options);
        if (this.#catalogue !== undefined && isSameCatalogue(this.#catalogue, catalogue)) {
          for (const suspect of suspects) {
            if (suspect !== undefined) this.#changing.set(suspect, 'none');
          }
        } else this.#use(catalogue);
        this.#readAt = now();
        return;
      }
    } catch {
      // Everything goes to the primary until then.
    }
  }

  #use(catalogue: Catalogue | undefined): void {
    this.#byTemplate = new WeakMap();
    this.#changing = new WeakMap();
    this.#changingTexts.clear();
    this.#readAt = Number.NEGATIVE_INFINITY;
    this.#catalogue = catalogue;
    this.#router.use(catalogue);
  }

  #changeByText(text: string): CatalogueChange {
    let change = this.#changingTexts.get(text);
    if (change === undefined) {
      change = this.#changeOf(text);
      if (this.#changingTexts.size >= MAX_TEXTS) this.#changingTexts.clear();
      this.#changingTexts.set(text, change);
    }
    return change;
  }

  #changeOf(text: string): CatalogueChange {
    const change = changeOfCatalogue(text);
    const {runningCode} = this.#catalogue ?? {};
    if (runningCode === undefined || runningCode.size === 0) return change;
    const runs = significantTokens(text, this.#options).some(({name}) => runningCode.has(name));
    return worseChange(change, runs ? 'possible' : 'none');
  }
}

function textOf(query: SQLQuery): string {
  return query.format(pgFormat).text;
}
