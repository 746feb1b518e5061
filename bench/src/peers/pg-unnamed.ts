/** `pg` as most programs use it: text and values, parsed by the server each time. */
import type {Session, SessionOptions} from './peer';
import {openPool} from './pg-pool';

export function open(options: SessionOptions): Promise<Session> {
  return Promise.resolve(openPool(false, options));
}
