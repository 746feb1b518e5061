/** What `@databases/pg/raw` hands on of connections and pools. */
export {RawConnection} from './raw-connection';
export type {RawPortal} from './raw-connection';
export {RawPool, connectRaw} from './raw-pool';
export type {RawEvents, RawLease, RawNotification, RawPoolCounts} from './raw-pool';
export type {TextReader, TextStatement} from '../connection';
