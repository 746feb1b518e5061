/**
 * Statements of a given text on one peer, kept in the way that the peer keeps statements: by the identity of a
 * template, by name, or not at all. Parameters are `$1`, `$2`, ... in this order.
 */
import type {SessionOptions} from '../../peers/peer';

export type Statement<Row> = (values: readonly unknown[]) => PromiseLike<readonly Row[]>;

export interface StatementRunner {
  /** The name is the statement's own, for peers that keep statements by name. */
  prepare<Row>(name: string, text: string): Statement<Row>;
  close(): Promise<void>;
}

export type OpenRunner = (options: SessionOptions) => Promise<StatementRunner>;
