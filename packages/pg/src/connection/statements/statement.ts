/**
 * A SQL text as a pool knows it: what all its connections share about the statement.
 *
 * A text that is seen for the first time is sent unnamed, so that programs which build a new text for every
 * query do not fill the server with prepared statements; from its second use on it is prepared by name,
 * once on each connection that runs it and has room for it (prepared-statements.ts).
 */
import type {ResultShape} from './result-shape';

/** A comment of two dashes at the end of the text would go on over what is put behind it. */
export function textWithComment(text: string, comment: string): string {
  if (comment === '') return text;
  return `${text}${text.includes('--') ? '\n' : ' '}${comment}`;
}

let lastNumber = 0;

/** A comment in a comment is not read: no word is found behind it. */
const LEADING_SPACE = String.raw`^(?:[\s(]|--[^\n]*\n|/\*(?:(?!\*/|/\*)[^])*\*/)*`;
/** What a failure undoes as a whole. */
const UNDONE_BY_FAILURE = new RegExp(
  `${LEADING_SPACE}(?:select|insert|update|delete|merge|values|table|with)\\b`,
  'i',
);
/** What may commit a part of its work and then fail. */
const COMMITS_IN_PARTS = new RegExp(
  `${LEADING_SPACE}(?:call|do|vacuum|analyze|cluster|reindex)\\b|\\bconcurrently\\b`,
  'i',
);

export class Statement {
  readonly text: string;
  /** Unique in this process, so that it means the same on every connection. */
  readonly name: string;
  /** When it was last sent, counted in uses of statements by the sessions of this process. 0 = never. */
  lastUse = 0;
  /** What the server said that the parameters are, once any connection was told. */
  parameterTypes: readonly number[] | undefined;
  /** The last described result, kept so that connections share one set of row decoders. */
  shape: ResultShape | undefined;
  /** It changed the session or the state of a transaction when it ran: nothing may share a session with it. */
  alone: boolean;
  /** It may leave something in the session that its command tag does not tell, as its text shows. */
  readonly leavesTraces: boolean;
  /** Once it has failed outside a transaction nothing of it is left, so that it may be run again. */
  readonly undoneByFailure: boolean;
  /** It would have the server read data that nobody sends. Where the text does not show it, the server does. */
  readonly copiesIn: boolean;

  constructor(text: string, leavesTraces = false) {
    this.text = text;
    this.leavesTraces = leavesTraces;
    this.alone = leavesTraces;
    this.undoneByFailure = !leavesTraces && UNDONE_BY_FAILURE.test(text);
    this.name = `d${++lastNumber}`;
    this.copiesIn = /^\s*copy\s[^']*\sfrom\s+stdin\b/i.test(text);
  }

  /** It ends with its transaction, as SET LOCAL does, which its command tag does not tell. */
  get transactionLocal(): boolean {
    return /^\s*set\s+(local|transaction)\b/i.test(this.text);
  }

  /** Outside a transaction its failure does not say that nothing was done. */
  get commitsInParts(): boolean {
    return COMMITS_IN_PARTS.test(this.text);
  }
}
