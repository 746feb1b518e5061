/** What is asked of a pool, and of a cluster over the one server. */
import type {Queryable} from '@databases/pg';
import {sql} from '@databases/pg';
import type {PointRow} from '../../peers/peer';

export interface ClusterProgram {
  readonly point: (id: number) => Promise<PointRow[]>;
  readonly write: (id: number) => Promise<{id: number}[]>;
  readonly close: () => Promise<void>;
}

export function programOf(db: Queryable & {dispose(): Promise<void>}): ClusterProgram {
  return {
    point: (id) => db.query(sql`SELECT id, name, balance FROM point_item WHERE id = ${id}`),
    write: (id) => db.query(sql`INSERT INTO cluster_note (id) VALUES (${id}) RETURNING id`),
    close: () => db.dispose(),
  };
}
