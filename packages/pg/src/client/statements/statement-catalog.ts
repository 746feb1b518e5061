/**
 * Finds the statements of a query: by the identity of its template where it has one, else by its text.
 *
 * A template is formatted and split once in the life of the pool. Texts that are built at run time are
 * kept too, in two maps: those used since the last turn, and those of the turn before. When the first is full, it
 * becomes the second, and what has not been used since goes. So as many different texts as fill one are always
 * known, twice as many are kept at most, and a use of a text is a lookup: to put it to the end of one Map, as the order
 * of use would have it, leaves a hole at each use, and an iterator that waits at the oldest keeps every table that V8
 * moved the Map to since (50 bytes for each use of BEGIN).
 */
import {pgFormat} from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {splitStatements} from '@databases/sql/lexer';
import {Statement} from '../../connection';
import {ValueError} from '../../errors';
import {CostEstimate} from '../../pool';
import {renumberParameters} from './renumber-parameters';
import {mayLeaveTraces} from './statement-traces';

/** A statement with what the pool learnt of how long it takes. */
export class PooledStatement extends Statement {
  readonly cost = new CostEstimate();

  constructor(text: string) {
    super(text, mayLeaveTraces(text));
  }
}

/** One statement of a query, and which of the query's values are its parameters (all, if undefined). */
export interface PlannedStatement {
  readonly statement: PooledStatement;
  readonly valueIndexes: readonly number[] | undefined;
}

export class QueryPlan {
  readonly statements: readonly PlannedStatement[];
  /** The one statement of a text that has no other, which nearly all have. */
  readonly only: PooledStatement | undefined;

  constructor(statements: readonly PlannedStatement[]) {
    this.statements = statements;
    this.only = statements.length === 1 ? statements[0]?.statement : undefined;
  }
}

/** So many texts are always known. */
const LEAST_TEXTS = 2000;
/** A text that is forgotten is a new one when it comes back, so there have to be more than are kept prepared. */
const TEXTS_PER_PREPARED = 2;

export interface CatalogOptions {
  /** No statement may ever share a session with another. Default: false. */
  readonly alone?: boolean;
  /** How many statements a session keeps prepared. */
  readonly prepared?: number;
}

export class StatementCatalog {
  readonly #byTemplate = new WeakMap<readonly string[], QueryPlan>();
  #texts = new Map<string, QueryPlan>();
  /** None of them is in the other map. */
  #olderTexts = new Map<string, QueryPlan>();
  readonly #alone: boolean;
  readonly #mostTexts: number;

  constructor({alone = false, prepared = 0}: CatalogOptions = {}) {
    this.#alone = alone;
    this.#mostTexts = Math.max(LEAST_TEXTS, TEXTS_PER_PREPARED * prepared);
  }

  planOf(query: SQLQuery): QueryPlan {
    const {strings} = query;
    if (strings === undefined) return this.#planOfText(query.format(pgFormat).text);
    let plan = this.#byTemplate.get(strings);
    if (plan === undefined) {
      plan = this.#planOfText(query.format(pgFormat).text);
      this.#byTemplate.set(strings, plan);
    }
    return plan;
  }

  valuesOf(query: SQLQuery): readonly unknown[] {
    return query.strings === undefined ? query.format(pgFormat).values : query.values;
  }

  /** The plan of a text of this package's own, for example BEGIN. */
  statement(text: string): PooledStatement {
    const {only} = this.#planOfText(text);
    if (only === undefined) throw new Error(`not one statement: ${text}`);
    return only;
  }

  /** The statements that were answered, of the texts that are kept. */
  *answered(): Generator<PooledStatement> {
    for (const texts of [this.#texts, this.#olderTexts]) {
      for (const {statements} of texts.values()) {
        for (const {statement} of statements) if (statement.cost.answers > 0) yield statement;
      }
    }
  }

  #planOfText(text: string): QueryPlan {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const plan = this.#olderTexts.get(text) ?? this.#newPlan(text);
    this.#olderTexts.delete(text);
    if (this.#texts.size >= this.#mostTexts) {
      this.#olderTexts = this.#texts;
      this.#texts = new Map();
    }
    this.#texts.set(text, plan);
    return plan;
  }

  #newPlan(text: string): QueryPlan {
    const plan = planText(text);
    if (this.#alone) for (const {statement} of plan.statements) statement.alone = true;
    return plan;
  }
}

function planText(text: string): QueryPlan {
  if (text.includes('\0')) {
    throw new ValueError('the query text contains a NUL character, which Postgres cannot take', {
      code: 'PG_PARAMETER_INVALID',
    });
  }
  const pieces = splitStatements(text).map(({start, end}) => text.slice(start, end));
  const [first, ...others] = pieces;
  if (first === undefined) return new QueryPlan([]);
  if (others.length === 0) {
    return new QueryPlan([{statement: new PooledStatement(first), valueIndexes: undefined}]);
  }
  return new QueryPlan(
    pieces.map((piece) => {
      const renumbered = renumberParameters(piece);
      return {
        statement: new PooledStatement(renumbered.text),
        valueIndexes: renumbered.valueIndexes,
      };
    }),
  );
}
