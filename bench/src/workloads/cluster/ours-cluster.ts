/** `@databases/pg-cluster` of this repository over one server, which has no replica. */
import createConnectionPool from '@databases/pg';
import createCluster from '@databases/pg-cluster';
import type {SessionOptions} from '../../peers/peer';
import {programOf} from './program';
import type {ClusterProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<ClusterProgram> {
  const pool = createConnectionPool({connectionString: url, poolSize});
  return Promise.resolve(programOf(createCluster(pool, [])));
}
