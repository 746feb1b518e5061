/**
 * Statements that carry where they are to run: for code that makes a query and leaves running it to others. What is put
 * together of a marked query is not marked.
 */
import type {SQLQuery} from '@databases/sql';
import type {Target} from './verdict';

const marks = new WeakMap<SQLQuery, Target>();
/** Most programs never do it, and looking is not free. */
let any = false;

/** Gives the query, which a cluster runs on the primary from now on, whatever its rules say. */
export function onPrimary(query: SQLQuery): SQLQuery {
  return mark(query, 'primary');
}

/** Gives the query, which a cluster runs on a replica from now on. It has to be one that only reads. */
export function onReplica(query: SQLQuery): SQLQuery {
  return mark(query, 'replica');
}

export function markOf(query: SQLQuery): Target | undefined {
  return any ? marks.get(query) : undefined;
}

function mark(query: SQLQuery, target: Target): SQLQuery {
  any = true;
  marks.set(query, target);
  return query;
}
