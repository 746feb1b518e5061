/**
 * A connection or transaction whose statements are heard before they run: what `task` and `tx` of a cluster give to their
 * callbacks. All else is that of the pool.
 */
import type {Readable} from 'node:stream';
import type {
  Connection,
  CopyOptions,
  CopySource,
  QueryNodeStreamOptions,
  QueryOptions,
  QueryStreamOptions,
  ResultRow,
  RowStream,
  SQLQuery,
  Transaction,
  TransactionOptions,
} from '@databases/pg';
import {QueryableType} from '@databases/pg';
import type {SQL} from '@databases/sql';
import {isMany} from '../routing/call-verdict';

export type Hear = (query: SQLQuery | readonly SQLQuery[]) => void;

export function watched(session: Connection | Transaction, hear: Hear): Connection | Transaction {
  return isTransaction(session)
    ? new WatchedTransaction(session, hear)
    : new WatchedConnection(session, hear);
}

abstract class WatchedSession<Session extends Connection | Transaction> {
  readonly sql: SQL;
  protected readonly session: Session;
  protected readonly hear: Hear;

  constructor(session: Session, hear: Hear) {
    this.session = session;
    this.sql = session.sql;
    this.hear = hear;
  }

  query(query: SQLQuery, options?: QueryOptions): Promise<ResultRow[]>;
  query(queries: readonly SQLQuery[], options?: QueryOptions): Promise<ResultRow[][]>;
  query(
    query: SQLQuery | readonly SQLQuery[],
    options?: QueryOptions,
  ): Promise<ResultRow[] | ResultRow[][]> {
    this.hear(query);
    return isMany(query) ? this.session.query(query, options) : this.session.query(query, options);
  }

  queryStream(query: SQLQuery, options?: QueryStreamOptions): RowStream {
    this.hear(query);
    return this.session.queryStream(query, options);
  }

  queryNodeStream(query: SQLQuery, options?: QueryNodeStreamOptions): Readable {
    this.hear(query);
    return this.session.queryNodeStream(query, options);
  }

  copyFrom(query: SQLQuery, source: CopySource, options?: CopyOptions): Promise<number> {
    return this.session.copyFrom(query, source, options);
  }

  copyTo(query: SQLQuery, options?: CopyOptions): Readable {
    return this.session.copyTo(query, options);
  }

  tx<T>(fn: (transaction: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.session.tx((inner) => fn(new WatchedTransaction(inner, this.hear)), options);
  }

  addPostCommitStep(fn: () => Promise<unknown>): Promise<void> {
    return this.session.addPostCommitStep(fn);
  }

  notify(channel: string, payload?: string): Promise<void> {
    return this.session.notify(channel, payload);
  }
}

class WatchedConnection extends WatchedSession<Connection> implements Connection {
  readonly type = QueryableType.Connection;

  task<T>(fn: (connection: Connection) => Promise<T>): Promise<T> {
    return this.session.task((inner) => fn(new WatchedConnection(inner, this.hear)));
  }
}

export class WatchedTransaction extends WatchedSession<Transaction> implements Transaction {
  readonly type = QueryableType.Transaction;

  task<T>(fn: (connection: Transaction) => Promise<T>): Promise<T> {
    return this.session.task((inner) => fn(new WatchedTransaction(inner, this.hear)));
  }

  advisoryTxLock(...[key]: Parameters<Transaction['advisoryTxLock']>): Promise<void> {
    return this.session.advisoryTxLock(key);
  }

  advisoryTxLockShared(...[key]: Parameters<Transaction['advisoryTxLock']>): Promise<void> {
    return this.session.advisoryTxLockShared(key);
  }

  tryAdvisoryTxLock(...[key]: Parameters<Transaction['advisoryTxLock']>): Promise<boolean> {
    return this.session.tryAdvisoryTxLock(key);
  }

  tryAdvisoryTxLockShared(...[key]: Parameters<Transaction['advisoryTxLock']>): Promise<boolean> {
    return this.session.tryAdvisoryTxLockShared(key);
  }
}

function isTransaction(session: Connection | Transaction): session is Transaction {
  return session.type === QueryableType.Transaction;
}
