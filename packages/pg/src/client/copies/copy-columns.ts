/** Asks the server's catalogue for the columns that the rows of a COPY FROM are for, and how to write them. */
import {encoderOfType} from '../../copy';
import type {CopyColumn, CopyStatement} from '../../copy';
import type {Environment} from '../queries/environment';
import type {StatementRunner} from '../values/type-lookup';

// What COPY takes without a column list (CopyGetAttnums in commands/copy.c). A table that does not exist has none.
const COLUMNS = `
  SELECT attribute.attname::pg_catalog.text AS name, attribute.atttypid AS type
  FROM pg_catalog.pg_attribute attribute
  WHERE attribute.attrelid = pg_catalog.to_regclass($1::pg_catalog.text)
  AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.attgenerated = ''
  ORDER BY attribute.attnum`;

/** Undefined where the table or a column is not found: the server says what is wrong with the statement. */
export async function copyColumns(
  statement: CopyStatement,
  {registry, typeLookup}: Environment,
  runner: StatementRunner,
): Promise<CopyColumn[] | undefined> {
  // U&"..." is read by the server's parser only.
  if (statement.table === undefined || /u&"/i.test(statement.table)) return undefined;
  const rows = await runner.runOwn(COLUMNS, [statement.table]);
  const types = new Map(rows.map((row) => [String(row['name']), Number(row['type'])]));
  const names = statement.columns ?? [...types.keys()];
  const wanted: {name: string; oid: number}[] = [];
  for (const name of names) {
    const oid = name === undefined ? undefined : types.get(name);
    if (name === undefined || oid === undefined) return undefined;
    wanted.push({name, oid});
  }
  if (wanted.length === 0) return undefined;
  const unknown = wanted.filter(({oid}) => registry.typeOf(oid) === undefined);
  await typeLookup.learn(
    unknown.map(({oid}) => oid),
    runner,
  );
  return wanted.map(({name, oid}) => ({
    name,
    parameterType: registry.parameterTypeOf(oid) ?? 0,
    encode: encoderOfType(oid, registry),
  }));
}
