/**
 * Finds the statements of a query: by the identity of its template where it has one, else by its text.
 *
 * A template is formatted and split once in the life of the pool. Texts that are built at run time are
 * kept too, the least recently used going first.
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

const MAX_TEXTS = 2000;

export class StatementCatalog {
  readonly #byTemplate = new WeakMap<readonly string[], QueryPlan>();
  readonly #byText = new Map<string, QueryPlan>();
  /**
   * What was used least recently comes first. One iterator goes on for ever: a new one would each time walk over the
   * holes that deleted entries leave at the start of a Map until that is rebuilt.
   */
  readonly #oldestTexts = this.#byText.keys();
  readonly #alone: boolean;

  /** @param alone Whether no statement may ever share a session with another. */
  constructor(alone = false) {
    this.#alone = alone;
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
    for (const {statements} of this.#byText.values()) {
      for (const {statement} of statements) if (statement.cost.answers > 0) yield statement;
    }
  }

  #planOfText(text: string): QueryPlan {
    let plan = this.#byText.get(text);
    if (plan !== undefined) {
      // A Map keeps the order of insertion, so what was used last stands last.
      this.#byText.delete(text);
      this.#byText.set(text, plan);
      return plan;
    }
    plan = planText(text);
    if (this.#alone) for (const {statement} of plan.statements) statement.alone = true;
    if (this.#byText.size >= MAX_TEXTS) {
      const oldest = this.#oldestTexts.next().value;
      if (oldest !== undefined) this.#byText.delete(oldest);
    }
    this.#byText.set(text, plan);
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
