/** The verdict on what one call runs: what the program says of the call or the statement, else what the rules say. */
import type {SQLQuery} from '@databases/pg';
import {isSqlQuery} from '@databases/sql';
import {worseChange} from './catalogue-changes';
import type {CatalogueChange} from './catalogue-changes';
import {markOf} from './marked-query';
import type {StatementRouter} from './statement-router';
import type {Target, Verdict} from './verdict';

const BY_PROGRAM: Record<Target, Verdict> = {
  primary: {target: 'primary', rule: 'byProgram'},
  replica: {target: 'replica', rule: 'byProgram'},
};

export function verdictOf(
  router: StatementRouter,
  query: SQLQuery | readonly SQLQuery[],
  on: Target | undefined,
): Verdict {
  if (on !== undefined) return BY_PROGRAM[on];
  if (router.missing) void router.refresh();
  if (!isMany(query)) {
    // What is no query is told so by the pool.
    if (!isSqlQuery(query)) return BY_PROGRAM.primary;
    const mark = markOf(query);
    return mark === undefined ? router.verdict(query) : BY_PROGRAM[mark];
  }
  for (const each of query) {
    const verdict = verdictOf(router, each, undefined);
    if (verdict.target === 'primary') return verdict;
  }
  return BY_PROGRAM.replica;
}

/** Whether it changes what the verdicts are made with. */
export function changeBy(
  router: StatementRouter,
  query: SQLQuery | readonly SQLQuery[],
): CatalogueChange {
  if (!isMany(query)) return isSqlQuery(query) ? router.changeBy(query) : 'none';
  let change: CatalogueChange = 'none';
  for (const each of query) change = worseChange(change, changeBy(router, each));
  return change;
}

/** Has the catalogue read again where what has ended changed it, or may have. */
export function heedChange(
  router: StatementRouter,
  change: CatalogueChange,
  query?: SQLQuery | readonly SQLQuery[],
): void {
  if (change === 'certain') router.changed();
  if (change === 'possible')
    router.suspect(query === undefined || isMany(query) ? undefined : query);
}

export function isMany(query: SQLQuery | readonly SQLQuery[]): query is readonly SQLQuery[] {
  return Array.isArray(query);
}
