/** `pg` with named prepared statements, its fast mode. */
import type {Session, SessionOptions} from './peer';
import {openPool} from './pg-pool';

export function open(options: SessionOptions): Promise<Session> {
  return Promise.resolve(openPool(true, options));
}
