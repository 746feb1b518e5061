/** Finds or builds the shape of a statement's result, shared by all connections of the pool. */
import type {Column} from '../../protocol';
import type {TypeRegistry} from '../../types';
import {ResultShape} from './result-shape';
import type {Statement} from './statement';

export function describeResult(
  statement: Statement,
  columns: readonly Column[],
  registry: TypeRegistry,
): ResultShape {
  const known = statement.shape;
  if (known !== undefined && known.isCurrent(registry) && known.describes(columns)) return known;
  statement.shape = new ResultShape(columns, registry);
  return statement.shape;
}
