/* Puts queries one after the other with a separator between them. */
import {argumentError, typeName} from './errors';
import {isSqlQuery, type Part, SQLQuery} from './sql-query';
import {SQLItemType} from './sql-item';

/** The separators that may be given as a string: known not to come from a user. */
export type LiteralSeparator = '' | ',' | ', ' | ' AND ' | ' OR ' | ') AND (' | ') OR (' | ';';

const LITERAL_SEPARATORS: ReadonlySet<unknown> = new Set<LiteralSeparator>([
  '',
  ',',
  ', ',
  ' AND ',
  ' OR ',
  ') AND (',
  ') OR (',
  ';',
]);

/** See `SQL.join`. */
export function join(
  queries: readonly SQLQuery[],
  separator: LiteralSeparator | SQLQuery = '',
): SQLQuery {
  if (!Array.isArray(queries)) {
    throw invalid(
      `sql.join(queries) takes an array of queries, but was given ${typeName(queries)}.`,
    );
  }
  const between = separatorParts(separator);
  const parts: Part[] = [];
  for (const [index, query] of queries.entries()) {
    if (!isSqlQuery(query)) {
      throw invalid(
        `Element ${index} given to sql.join is ${typeName(query)}, not a query. ` +
          'If it is a parameter, wrap it: sql.value(element).',
      );
    }
    if (index > 0) parts.push(...between);
    parts.push(query);
  }
  const [only] = queries;
  return queries.length === 1 && only !== undefined ? only : SQLQuery.of(parts);
}

function separatorParts(separator: unknown): readonly Part[] {
  if (isSqlQuery(separator)) return [separator];
  if (separator === '') return [];
  if (typeof separator === 'string' && LITERAL_SEPARATORS.has(separator)) {
    return [Object.freeze({type: SQLItemType.RAW, text: separator})];
  }
  const allowed = [...LITERAL_SEPARATORS].map((text) => JSON.stringify(text)).join(', ');
  throw invalid(
    `The separator given to sql.join is ${typeName(separator)} that is not one of ${allowed}. ` +
      'Write any other one as a query: sql.join(queries, sql` UNION `).',
  );
}

function invalid(message: string): TypeError {
  return argumentError('SQL_INVALID_JOIN', message);
}
