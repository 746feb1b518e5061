/**
 * Asks the server's catalogue about types that are not built in: enums, domains, composites, ranges and
 * the types of extensions, and arrays of them. Each type is asked about once in the life of a pool.
 */
import type {Row, Statement, Step} from '../../connection';
import {UsageError} from '../../errors';
import {CATALOGUE_QUERY} from '../../types';
import type {CatalogueType, EncodedParameter, TypeRegistry} from '../../types';

/** Runs statements of this package's own: a pool, or a connection that is held. */
export interface StatementRunner {
  runOwn(text: string, parameters: readonly EncodedParameter[]): Promise<readonly Row[]>;
}

export class TypeLookup {
  readonly #registry: TypeRegistry;
  readonly #asked = new Set<number>();

  constructor(registry: TypeRegistry) {
    this.#registry = registry;
  }

  /** Whether rows of these steps hold values that are still raw text. */
  isNeeded(steps: readonly Step[]): boolean {
    for (const {shape} of steps) {
      if (shape === undefined || shape.unknownTypes.length === 0) continue;
      // Types that somebody else asked about meanwhile are known now, and these rows are text all the same.
      const registry = this.#registry;
      if (this.#unasked(shape.unknownTypes).length > 0) return true;
      if (shape.unknownTypes.some((oid) => registry.codecOf(oid) !== undefined)) return true;
    }
    return false;
  }

  /** Learns the types of the steps' results and reads what was left as text. */
  async resolve(steps: readonly Step[], runner: StatementRunner): Promise<void> {
    await this.learn(
      steps.flatMap((step) => step.shape?.unknownTypes ?? []),
      runner,
    );
    for (const step of steps) this.#readAgain(step);
  }

  /** Gives whether the server was asked. */
  async learn(typeOids: readonly number[], runner: StatementRunner): Promise<boolean> {
    const oids = this.#unasked(typeOids);
    if (oids.length === 0) return false;
    const rows = await runner.runOwn(CATALOGUE_QUERY, [`{${oids.join(',')}}`]);
    for (const oid of oids) this.#asked.add(oid);
    this.#registry.describe(rows.map(catalogueType));
    return true;
  }

  /** Learns the types of a described statement's parameters, which say how an array is written. */
  async learnParameters(statement: Statement, runner: StatementRunner): Promise<boolean> {
    const types = statement.parameterTypes ?? [];
    return this.learn(
      types.filter((oid) => this.#registry.parameterTypeOf(oid) === undefined),
      runner,
    );
  }

  /** Learns all types of a described step. Gives whether the server was asked. */
  async learnAll(step: Step, runner: StatementRunner): Promise<boolean> {
    const ofParameters = await this.learnParameters(step.statement, runner);
    const ofResult = await this.learn(step.prepared?.shape?.unknownTypes ?? [], runner);
    return ofParameters || ofResult;
  }

  #unasked(typeOids: readonly number[]): number[] {
    return [...new Set(typeOids)].filter((oid) => !this.#asked.has(oid));
  }

  #readAgain(step: Step): void {
    const {shape} = step;
    if (shape === undefined || shape.unknownTypes.length === 0) return;
    const columns = shape.columns.filter(
      (column, index) =>
        shape.unknownTypes.includes(column.typeOid) &&
        // Of columns with one name the last is what the row has.
        !shape.columns.some((other, at) => at > index && other.name === column.name),
    );
    for (const column of columns) {
      const codec = this.#registry.codecOf(column.typeOid);
      if (codec === undefined) continue;
      for (const row of step.rows) {
        const text = row[column.name];
        if (typeof text === 'string') row[column.name] = codec.decodeText(text);
      }
    }
  }
}

const TYPES_BY_NAME = `
  SELECT type.oid::pg_catalog.int8 AS oid, namespace.nspname AS schema
  FROM pg_catalog.pg_type type
  JOIN pg_catalog.pg_namespace namespace ON namespace.oid = type.typnamespace
  WHERE lower(type.typname) = lower($1::pg_catalog.text)
  AND ($2::pg_catalog.text IS NULL OR lower(namespace.nspname) = lower($2::pg_catalog.text))`;

/** Finds the OID of a type by name, in any case, with or without a schema. */
export async function findTypeOid(name: string, runner: StatementRunner): Promise<number> {
  const parts = name.split('.');
  const [schema, typeName] = parts.length === 2 ? parts : [undefined, name];
  if (parts.length > 2) {
    throw new UsageError(`"${name}" is not a type name; write name or schema.name`, {
      code: 'PG_INVALID_ARGUMENT',
    });
  }
  const rows = await runner.runOwn(TYPES_BY_NAME, [typeName ?? '', schema ?? null]);
  const [found, ...others] = rows;
  if (found === undefined) {
    throw new UsageError(`there is no type named "${name}" in this database`, {
      code: 'PG_INVALID_ARGUMENT',
    });
  }
  if (others.length > 0) {
    const schemas = rows.map((row) => String(row['schema'])).join(', ');
    throw new UsageError(
      `"${name}" is the name of ${rows.length} types, in the schemas ${schemas}; write schema.name`,
      {code: 'PG_INVALID_ARGUMENT'},
    );
  }
  return Number(found['oid']);
}

function catalogueType(row: Row): CatalogueType {
  return {
    oid: Number(row['oid']),
    name: String(row['name']),
    schema: String(row['schema']),
    kind: String(row['kind']),
    category: String(row['category']),
    elementOid: Number(row['elementOid']),
    delimiter: String(row['delimiter']),
    baseOid: Number(row['baseOid']),
  };
}
