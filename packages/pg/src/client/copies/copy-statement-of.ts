/** The COPY statement of a query that was given to copyFrom or copyTo. */
import {isSqlQuery} from '@databases/sql';
import type {SQLQuery} from '@databases/sql';
import {readCopyStatement} from '../../copy';
import type {CopyStatement} from '../../copy';
import {UsageError} from '../../errors';
import type {Environment} from '../queries/environment';
import {notAQuery} from '../queries/planned-query';

const EXAMPLES = {
  from: 'copyFrom() takes COPY table (columns) FROM STDIN',
  to: 'copyTo() takes COPY ... TO STDOUT',
};

/** @throws {UsageError} `PG_NOT_A_QUERY`; `PG_INVALID_ARGUMENT`: something else than one COPY in this direction. */
export function copyStatementOf(
  query: SQLQuery,
  {catalog}: Environment,
  direction: 'from' | 'to',
): CopyStatement {
  if (!isSqlQuery(query)) throw notAQuery(query);
  const example = EXAMPLES[direction];
  const statement = catalog.planOf(query).only;
  if (statement === undefined) throw refused(`${example}, and one statement only`);
  const copy = readCopyStatement(statement.text);
  if (copy === undefined) throw refused(`${example}; this statement is not a COPY`);
  if (copy.direction !== direction) {
    const other = direction === 'from' ? 'copyTo()' : 'copyFrom()';
    throw refused(`${example}; for the other direction there is ${other}`);
  }
  if (!copy.overWire) {
    throw refused(`${example}; a COPY with files or programs of the server is run with query()`);
  }
  if (catalog.valuesOf(query).length > 0) {
    throw refused(
      'COPY takes no parameters in Postgres: put names in with sql.ident(), and values where the query of a COPY can read them, for example with set_config() and current_setting()',
    );
  }
  return copy;
}

function refused(message: string): UsageError {
  return new UsageError(message, {code: 'PG_INVALID_ARGUMENT'});
}
