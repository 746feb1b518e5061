/**
 * COPY on a connection that one caller holds: what has to go in front of it, and whom it keeps waiting.
 *
 * How data comes and goes is the business of copy-from.ts and copy-to.ts. Nothing shares the connection with a copy:
 * in copy mode the server takes no other message.
 */
import type {Readable} from 'node:stream';
import type {SQLQuery} from '@databases/sql';
import type {Connection} from '../../connection';
import type {CopyOptions} from '../api/queryable';
import {runInside} from '../callers/context';
import {CopyFrom} from '../copies/copy-from';
import type {CopyFromParts} from '../copies/copy-from';
import {SourceReader} from '../copies/copy-source';
import type {CopySource} from '../copies/copy-source';
import {copyStatementOf} from '../copies/copy-statement-of';
import {copyReadable, openCopyTo} from '../copies/copy-to';
import type {CopyToParts, OpenCopy} from '../copies/copy-to';
import type {Lock} from '../lock/lock';
import type {Environment} from '../queries/environment';
import type {StatementRunner} from '../values/type-lookup';

/** A copyFrom whose arguments are in order. */
export type PlannedCopy = Pick<CopyFromParts, 'query' | 'statement' | 'source'>;
/** A copyTo that is to start. */
export type CopyToStart = Pick<CopyToParts, 'query' | 'statement' | 'events'>;

/** The object that a copy is asked of. */
export interface CopyingOwner extends StatementRunner {
  /** Aborts whatever runs on the object. */
  readonly ownSignal: AbortSignal | undefined;
  /** @throws The reason why nothing more can be asked of it. */
  assertUsable(): void;
  /** @throws The reason why what was asked for before must not be sent any more. */
  assertWritable(): void;
  /** Sends BEGIN and the like, where that was not done yet. */
  sendPrefix(): Promise<void>;
  hearEndOf(error: Error | undefined): void;
}

// What a pool takes of them, so that this is all that a copy has loaded.
export {SourceReader, copyReadable, copyStatementOf};

export class SessionCopies {
  readonly #owner: CopyingOwner;
  readonly #environment: Environment;
  readonly #connection: Connection;
  readonly #lock: Lock;

  constructor(owner: CopyingOwner, environment: Environment, connection: Connection, lock: Lock) {
    this.#owner = owner;
    this.#environment = environment;
    this.#connection = connection;
    this.#lock = lock;
  }

  async from(query: SQLQuery, source: CopySource, options: CopyOptions): Promise<number> {
    this.#owner.assertUsable();
    const statement = copyStatementOf(query, this.#environment, 'from');
    const copy = {query, statement, source: new SourceReader(source)};
    const holder = {};
    await this.#lock.acquire(holder);
    const release = () => this.#lock.release();
    return runInside(holder, () => this.fromAlone(copy, options.signal, release));
  }

  to(query: SQLQuery, options: CopyOptions): Readable {
    const statement = copyStatementOf(query, this.#environment, 'to');
    return copyReadable(async (events) => {
      this.#owner.assertUsable();
      await this.#lock.acquire({});
      return this.toAlone({query, statement, events}, () => this.#lock.release());
    }, options.signal);
  }

  /** Runs a copy while the caller keeps everything else off the connection; `release` when it is free again. */
  fromAlone(
    copy: PlannedCopy,
    signal: AbortSignal | undefined,
    release: () => void,
  ): Promise<number> {
    const owner = this.#owner;
    return new CopyFrom({
      ...copy,
      connection: this.#connection,
      environment: this.#environment,
      runner: owner,
      prepare: () => owner.sendPrefix(),
      assertWritable: () => owner.assertWritable(),
      ended: (error) => owner.hearEndOf(error),
      release,
    }).run([signal, owner.ownSignal]);
  }

  /** As `fromAlone`, for the other direction. */
  async toAlone({query, statement, events}: CopyToStart, release: () => void): Promise<OpenCopy> {
    const owner = this.#owner;
    try {
      owner.assertUsable();
      await owner.sendPrefix();
      owner.assertWritable();
    } catch (error) {
      release();
      throw error;
    }
    return openCopyTo({
      query,
      statement,
      events,
      connection: this.#connection,
      environment: this.#environment,
      ended: (error) => owner.hearEndOf(error),
      release,
    });
  }
}
