/**
 * Reads the same expression in text and in binary, so that a test can compare the two.
 *
 * A pool learns the columns of a statement from its first answer: the first time values come as text, and once
 * the statement is prepared and described they come in binary where the type has a binary decoder. How many
 * uses that takes is the pool's affair, so the binary side is read a few times more than needed;
 * `type-identity.test.ts` shows that this does reach binary.
 */
import {sql} from '@databases/pg';
import type {Queryable} from '@databases/pg';

const USES_UNTIL_BINARY = 4;

let lastText = 0;

/** A fixed piece of SQL that the tests themselves wrote. */
export function raw(text: string): ReturnType<typeof sql> {
  return sql.__dangerous__rawValue(text);
}

/** The literals as values of the type, read as text: no two calls share a statement. */
export async function readAsText(
  db: Queryable,
  type: string,
  literals: readonly (string | null)[],
): Promise<unknown[]> {
  return valuesOf(await db.query(sql`${raw(`/* ${++lastText} */`)} ${selection(type, literals)}`));
}

/** The literals as values of the type, read in binary where the client can. `db` is a task or a transaction. */
export async function readAsBinary(
  db: Queryable,
  type: string,
  literals: readonly (string | null)[],
): Promise<unknown[]> {
  for (let use = 1; use < USES_UNTIL_BINARY; use++) await db.query(selection(type, []));
  return valuesOf(await db.query(selection(type, literals)));
}

function selection(type: string, literals: readonly (string | null)[]): ReturnType<typeof sql> {
  // The cast of a text is the type's input function.
  return sql`SELECT literal::${raw(type)} AS value FROM unnest(${literals}::text[]) WITH ORDINALITY AS given (literal, position) ORDER BY position`;
}

function valuesOf(rows: readonly {value: unknown}[]): unknown[] {
  return rows.map((row) => row.value);
}
