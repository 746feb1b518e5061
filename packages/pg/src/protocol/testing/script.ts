/**
 * What a test tells the scripted server to be.
 */
import type {Column} from '../messages/result';
import type {DatabaseErrorFields} from '../../errors';
import type {ScramServerOptions} from './scram-server';

/** A column for which only the name matters, or all that RowDescription says. */
export type ScriptedColumn = string | (Partial<Column> & {readonly name: string});

/** What the server answers to a statement. */
export type ScriptedReply =
  | {
      readonly columns?: readonly ScriptedColumn[];
      /** Strings are sent as they are; give bytes for a column of the binary format. */
      readonly rows?: readonly (readonly (string | Uint8Array | null)[])[];
      /** Default: `SELECT n`, and the word itself for BEGIN, COMMIT, ROLLBACK and their like. */
      readonly commandTag?: string;
    }
  | {readonly error: DatabaseErrorFields}
  /** These bytes instead of an answer, for a server that does not keep to the protocol. */
  | {readonly raw: Uint8Array};

export type ScriptedAuthentication =
  | 'trust'
  | {readonly cleartext: string}
  | {
      readonly md5: {
        readonly password: string;
        readonly salt: Buffer;
        readonly md5hex: (bytes: Buffer) => string;
      };
    }
  | {readonly scram: ScramServerOptions};

export interface BackendScript {
  /**
   * Answers a statement: at Query, or at Execute with the parameters as they came. Without `describe` it is
   * also asked, without parameters, for the columns of a statement.
   */
  query(text: string, parameters: readonly (Buffer | null)[]): ScriptedReply;
  /** The columns of a statement that returns rows. Default: those of the answer of `query`. */
  describe?(text: string): readonly ScriptedColumn[] | undefined;
  readonly authentication?: ScriptedAuthentication;
  /** Types of a statement's parameters, as OIDs. Default: text for each `$n` in it. */
  parameterTypes?(text: string): readonly number[];
  /** Reported at start-up. Default: what a current client needs to know. */
  readonly parameterStatus?: Readonly<Record<string, string>>;
  readonly processId?: number;
  readonly secretKey?: Uint8Array;
  /** The newest version it speaks; a client that asks for more gets NegotiateProtocolVersion. Default 3.2. */
  readonly newestVersion?: number;
  /** The byte that answers SSLRequest. Default `N`. TLS itself is the business of whoever owns the socket. */
  readonly sslAnswer?: 'S' | 'N';
}

const TEXT_OID = 25;

/** All of a column, where the script says some of it. */
export function toColumn(column: ScriptedColumn): Column {
  return {
    tableOid: 0,
    columnNumber: 0,
    typeOid: TEXT_OID,
    typeSize: -1,
    typeModifier: -1,
    format: 0,
    ...(typeof column === 'string' ? {name: column} : column),
  };
}

/** One text per placeholder. */
export function textParameterTypes(text: string): number[] {
  const numbers = Array.from(text.matchAll(/\$(\d+)/g), ([, digits]) => Number(digits));
  return Array.from({length: Math.max(0, ...numbers)}, () => TEXT_OID);
}

/** The tag that a statement ends with when the script does not say. */
export function defaultCommandTag(text: string, rowCount: number): string {
  const word = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase() ?? '';
  const transactionWords = ['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE', 'SET'];
  return transactionWords.includes(word) ? word : `SELECT ${rowCount}`;
}
