/** `query_timeout`: gives a query up after a time, and has the server cancel it where it runs. */
import type {RawConnection} from '@databases/pg/raw';
import type {Query} from './query';
import {refuseSubmit} from './work';
import type {Work} from './work';

/** The query with its limit, which starts now. */
export function runWithTimeout(query: Query, milliseconds: number): Work {
  const callback = query.callback;
  let connection: RawConnection | undefined;
  let isGivenUp = false;
  const timer = setTimeout(() => {
    isGivenUp = true;
    void connection?.cancel();
    query.callback = () => undefined;
    callback?.(new Error('Query read timeout'));
  }, milliseconds);
  query.callback = (error, results) => {
    clearTimeout(timer);
    callback?.(error, results);
  };
  return {
    start: (own, types, done) => {
      if (isGivenUp) return done();
      connection = own;
      query.start(own, types, () => {
        connection = undefined;
        done();
      });
    },
    fail: (error) => {
      if (!isGivenUp) query.fail(error);
    },
    submit: refuseSubmit,
  };
}
