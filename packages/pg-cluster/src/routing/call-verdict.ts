/** The verdict on what one call runs: what the program says of the call or the statement, else what the rules say. */
import type {SQLQuery} from '@databases/pg';
import {isSqlQuery} from '@databases/sql';
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

/** Whether it may change what the verdicts are made with. */
export function mayChange(router: StatementRouter, query: SQLQuery | readonly SQLQuery[]): boolean {
  if (isMany(query)) return query.some((each) => mayChange(router, each));
  return isSqlQuery(query) && router.changes(query);
}

export function isMany(query: SQLQuery | readonly SQLQuery[]): query is readonly SQLQuery[] {
  return Array.isArray(query);
}
