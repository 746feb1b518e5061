/** `@databases/pg` in the table of faults: as it comes, without listeners. */
import createConnectionPool, {sql} from '@databases/pg';
import type {Queryable, SQLQuery} from '@databases/pg';
import type {FaultClient, Query, Values} from './fault';

function toQuery(text: string, values: Values): SQLQuery {
  const parts = text
    .split(/\$\d+/)
    .flatMap((part, index) => [
      ...(index === 0 ? [] : [sql.value(values[index - 1])]),
      sql.__dangerous__rawValue(part),
    ]);
  return sql.join(parts, '');
}

function queryOf(db: Queryable): Query {
  return (text, values = []) => db.query(toQuery(text, values));
}

export const ours: FaultClient = {
  open({url, max, connectTimeoutSeconds}) {
    const db = createConnectionPool({
      connectionString: url,
      poolSize: max,
      listenHeartbeatMilliseconds: 2000,
      ...(connectTimeoutSeconds !== undefined && {
        connectionTimeoutMilliseconds: connectTimeoutSeconds * 1000,
      }),
    });
    const query = queryOf(db);
    return {
      query,
      prepared: query,
      tx: (body) => db.tx((tx) => body(queryOf(tx))),
      hold: (body) => db.task((connection) => body(queryOf(connection))),
      listen: (channel, heard, gap) =>
        db.listen(channel, ({payload}) => heard(payload), {onGap: gap}),
      end: () => db.dispose(),
      inspectable: db,
    };
  },
};
