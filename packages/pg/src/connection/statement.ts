/**
 * A SQL text as a pool knows it: what all its connections share about the statement.
 *
 * A text that is seen for the first time is sent unnamed, so that programs which build a new text for every
 * query do not fill the server with prepared statements; from its second use on it is prepared by name,
 * once on each connection that runs it.
 */
import type {ResultShape} from './result-shape';

let lastNumber = 0;

export class Statement {
  readonly text: string;
  /** Unique in this process, so that it means the same on every connection. */
  readonly name: string;
  uses = 0;
  /** What the server said that the parameters are, once any connection was told. */
  parameterTypes: readonly number[] | undefined;
  /** The last described result, kept so that connections share one set of row decoders. */
  shape: ResultShape | undefined;
  /** It changed the session or the state of a transaction when it ran: nothing may share a session with it. */
  alone = false;
  /** It ends with its transaction, as SET LOCAL does, which its command tag does not tell. */
  readonly transactionLocal: boolean;
  /** It would have the server read data that nobody sends. Where the text does not show it, the server does. */
  readonly copiesIn: boolean;

  constructor(text: string) {
    this.text = text;
    this.name = `d${++lastNumber}`;
    this.transactionLocal = /^\s*set\s+(local|transaction)\b/i.test(text);
    this.copiesIn = /^\s*copy\s[^']*\sfrom\s+stdin\b/i.test(text);
  }
}
