/** A query made ready to be sent: checked, planned, its values encoded. */
import {isSqlQuery} from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {Step} from '../../connection';
import {UsageError} from '../../errors';
import type {TypeRegistry} from '../../types';
import type {Environment} from './environment';
import type {PooledStatement, QueryPlan} from '../statements/statement-catalog';
import {hasHandlers} from '../telemetry/query-handlers';
import {encodeValues, needsDescription} from '../values/encode-values';

export interface PlannedQuery {
  readonly query: SQLQuery;
  readonly plan: QueryPlan;
  readonly values: readonly unknown[];
  readonly registry: TypeRegistry;
  /** For the texts that are sent without a name. */
  readonly comment: string;
  /** As what it was sent last: how far it came. */
  steps: readonly Step[];
}

/** @throws {UsageError} `PG_NOT_A_QUERY` */
export function planQuery(query: unknown, environment: Environment, at?: number): PlannedQuery {
  if (!isSqlQuery(query)) throw notAQuery(query, at);
  const {catalog, registry} = environment;
  const plan = catalog.planOf(query);
  const comment = environment.comment?.() ?? '';
  return {query, plan, values: catalog.valuesOf(query), registry, comment, steps: []};
}

/** Whether the server must describe a statement of the query before its values can be encoded. */
export function isUndescribed(planned: PlannedQuery): boolean {
  return planned.plan.statements.some(({statement, valueIndexes}) =>
    needsDescription(planned.values, valueIndexes, statement, planned.registry),
  );
}

/** Whether the server has to be asked between statements: they cannot go out in one write. */
export function isGrouped(queries: readonly PlannedQuery[]): boolean {
  const [first, ...others] = queries;
  const isSingle = others.length === 0 && first?.plan.only !== undefined;
  return !isSingle && queries.some(isUndescribed);
}

/**
 * The values of a query that may go the way nearly every query goes: one statement, with nothing to ask or to tell
 * the program before it, sent without the detour of a plan. Undefined for all others.
 */
export function plainValues(
  query: SQLQuery,
  statement: PooledStatement,
  {catalog, handlers, queryTimeoutMilliseconds, registry}: Environment,
): readonly unknown[] | undefined {
  if (queryTimeoutMilliseconds !== 0 || hasHandlers(handlers)) return undefined;
  const values = catalog.valuesOf(query);
  return needsDescription(values, undefined, statement, registry) ? undefined : values;
}

/** @throws {ValueError} A value that cannot be sent. */
export function plainStep(
  statement: PooledStatement,
  values: readonly unknown[],
  comment: string | undefined,
  registry: TypeRegistry,
): Step {
  const parameters = encodeValues(values, undefined, statement, registry);
  return new Step(statement, parameters, true, comment);
}

/** @throws {ValueError} A value that cannot be sent. */
export function stepsOf(planned: PlannedQuery): readonly Step[] {
  const {comment, registry, values} = planned;
  planned.steps = planned.plan.statements.map(
    ({statement, valueIndexes}) =>
      new Step(statement, encodeValues(values, valueIndexes, statement, registry), true, comment),
  );
  return planned.steps;
}

export function notAQuery(query: unknown, at?: number): UsageError {
  const what = query === null ? 'null' : Array.isArray(query) ? 'an array' : `a ${typeof query}`;
  const where = at === undefined ? 'query() was given' : `element ${at} of the array is`;
  return new UsageError(
    `${where} ${what}; queries are made with the sql tag of @databases/sql, for example db.query(sql\`SELECT 1\`)`,
    {code: 'PG_NOT_A_QUERY'},
  );
}

export function isMany(query: SQLQuery | readonly SQLQuery[]): query is readonly SQLQuery[] {
  return Array.isArray(query);
}
