/**
 * Finds or builds the shape of a statement's result.
 *
 * Shapes are shared by all connections of the pool, and by all statements whose results the server describes with
 * the same bytes: those that differ in their conditions only, of which a program has many, read their rows with
 * the same decoders.
 */
import {readRowDescription} from '../../protocol';
import type {ByteReader, Column} from '../../protocol';
import type {TypeRegistry} from '../../types';
import {ResultShape} from './result-shape';
import type {Statement} from './statement';

/** So many shapes are kept to be found again; then it begins anew. Statements hold on to theirs. */
const MAX_SHAPES = 1000;
/** Longer descriptions, of some 150 columns, are not kept. */
const MAX_DESCRIPTION_BYTES = 4096;

/** A registry belongs to one pool. */
const shapesByRegistry = new WeakMap<TypeRegistry, Map<string, ResultShape>>();

/**
 * The shape that a RowDescription tells.
 * @throws {ProtocolError} It is malformed.
 */
export function readResultShape(
  statement: Statement,
  body: ByteReader,
  registry: TypeRegistry,
): ResultShape {
  if (body.remaining() > MAX_DESCRIPTION_BYTES) {
    return describeResult(statement, readRowDescription(body), registry);
  }
  const shapes = shapesOf(registry);
  const description = body.restAsKey();
  let shape = shapes.get(description);
  if (shape?.isCurrent(registry) === true) {
    body.skipRest();
    statement.shape = shape;
    return shape;
  }
  shape = describeResult(statement, readRowDescription(body), registry);
  if (shapes.size >= MAX_SHAPES) shapes.clear();
  shapes.set(description, shape);
  return shape;
}

/** The shape of a result with these columns. */
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

function shapesOf(registry: TypeRegistry): Map<string, ResultShape> {
  let shapes = shapesByRegistry.get(registry);
  if (shapes === undefined) {
    shapes = new Map();
    shapesByRegistry.set(registry, shapes);
  }
  return shapes;
}
