/** Where a statement goes, and which rule decided. */

export type Target = 'primary' | 'replica';

/**
 * Rules that send a statement to the primary, and `reads`, which is all that is left: a statement that none of
 * them stopped.
 */
export type RuleName =
  /** It only reads, as far as its text and the catalogue can show. */
  | 'reads'
  /** The program's own `route()` said so. */
  | 'byProgram'
  /** What the database has (functions, views, sequences) is not known yet. */
  | 'catalogueNotLoaded'
  /** The text ends within a string or comment, or has a character that SQL has no use for. */
  | 'notLexed'
  /** An identifier with Unicode escapes, or one that the server would cut at 63 bytes. */
  | 'unreadableName'
  /** Its first word is none of a statement that reads. */
  | 'firstWord'
  /** A COPY that is not to STDOUT. */
  | 'copyElsewhere'
  /** INSERT, UPDATE, DELETE, MERGE or INTO. */
  | 'writes'
  /** FOR UPDATE, FOR SHARE and their like. */
  | 'locksRows'
  /** The position of a cursor, or the value of a sequence: state of a session or of the primary. */
  | 'sessionState'
  /** A call of a function that is not known to be free of effects. */
  | 'unknownCall'
  /** A name of something that writes, locks, belongs to one node, or is not replicated. */
  | 'deniedName'
  /** An operator whose function may have effects. */
  | 'deniedOperator';

export interface Verdict {
  readonly target: Target;
  readonly rule: RuleName;
  /** The word or operator that decided, as it stands in the text, and where. */
  readonly at?: {readonly text: string; readonly offset: number};
}

export function toPrimary(rule: RuleName, text?: string, offset?: number): Verdict {
  if (text === undefined || offset === undefined) return {target: 'primary', rule};
  return {target: 'primary', rule, at: {text, offset}};
}

export const READS: Verdict = {target: 'replica', rule: 'reads'};

const REASONS: Readonly<Record<RuleName, string>> = {
  reads: 'it only reads',
  byProgram: 'route() says so',
  catalogueNotLoaded: 'the catalogue of the database is not loaded yet',
  notLexed: 'its text cannot be read as the server would read it',
  unreadableName: 'it has a name that is not what it looks like',
  firstWord:
    'only SELECT, WITH, VALUES, TABLE, COPY ... TO STDOUT and EXPLAIN of these can only read',
  copyElsewhere: 'only COPY ... TO STDOUT leaves nothing behind on the node',
  writes: 'it writes',
  locksRows: 'it locks rows, which is a write',
  sessionState: 'its answer belongs to one session or one node',
  unknownCall: 'it calls what is not known to be free of effects',
  deniedName: 'it names what writes, locks, is not replicated or belongs to one node',
  deniedOperator: 'it uses an operator whose function may have effects',
};

/** One line for people. */
export function describeVerdict({target, rule, at}: Verdict): string {
  const where =
    at === undefined ? '' : ` (${JSON.stringify(at.text)} at character ${at.offset + 1})`;
  return `${target}: ${REASONS[rule]}${where}`;
}
