/** `@databases/pg` of this repository, by itself. */
import createConnectionPool from '@databases/pg';
import type {SessionOptions} from '../../peers/peer';
import {programOf} from './program';
import type {ClusterProgram} from './program';

export function open({url, poolSize}: SessionOptions): Promise<ClusterProgram> {
  return Promise.resolve(programOf(createConnectionPool({connectionString: url, poolSize})));
}
