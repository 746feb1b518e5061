/**
 * One connection on which texts are run as they are, with values that are encoded already and results that are not
 * read: for clients that have an interface of their own (@databases/pg-compat).
 *
 * It plans, prepares and retries nothing and reads no types. Whoever uses it sends one text at a time.
 */
import {TextQuery, TextScript} from '../connection';
import type {Connection, TextReader, TextStatement} from '../connection';

/** A statement under way whose rows are read in batches. */
export interface RawPortal {
  /** Asks for the next batch, after `suspended`. */
  fetch(rows: number): void;
  /** Ends it: at once after `suspended`, else when the batch under way is in. `ended` follows. */
  close(): void;
}

export class RawConnection {
  /** The texts of statements that were parsed under a name. */
  readonly namedStatements = new Map<string, string>();
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get processId(): number | undefined {
    return this.#connection.backendKey?.processId;
  }

  get secretKey(): Buffer | undefined {
    return this.#connection.backendKey?.secretKey;
  }

  /** As ReadyForQuery said it last. */
  get transactionStatus(): 'idle' | 'inTransaction' | 'failed' {
    return this.#connection.session.transactionStatus;
  }

  get isOpen(): boolean {
    return this.#connection.phase === 'open';
  }

  /** Runs any number of statements, without parameters. */
  runScript(text: string, reader: TextReader): void {
    this.#connection.lastText = text;
    this.#connection.send(new TextScript(text, reader));
  }

  /** Runs one statement. `reader` is told when it could not be sent, too. */
  runStatement(statement: TextStatement, reader: TextReader): RawPortal {
    this.#connection.lastText = statement.text;
    const query = new TextQuery(statement, this.namedStatements, reader);
    this.#connection.send(query);
    return query;
  }

  /** Asks the server to cancel what it runs now. Resolves when it was asked, or could not be. */
  cancel(): Promise<void> {
    return this.#connection.cancel();
  }

  /** Ends it in order. Its owner is told when it has ended. */
  close(): void {
    this.#connection.close();
  }

  /** Ends it at once. */
  destroy(reason: Error): void {
    this.#connection.destroy(reason);
  }
}
