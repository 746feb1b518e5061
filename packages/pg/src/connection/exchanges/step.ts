/** One statement of an exchange: what is sent for it and what came back. */
import type {EncodedParameter} from '../../types';
import type {Row} from '../rows/row-decoder';
import type {TunedDecoder} from '../rows/tuned-decoder';
import type {PreparedStatement} from '../statements/prepared-statements';
import type {ResultShape} from '../statements/result-shape';
import type {Statement} from '../statements/statement';

/** How far the server got with a step, as far as its answers tell. */
export type StepProgress = 'waiting' | 'parsed' | 'bound' | 'complete';

export class Step {
  readonly statement: Statement;
  readonly parameters: readonly EncodedParameter[];
  /** False for a step that only asks for the description of its statement. */
  readonly executes: boolean;
  /** Goes behind the text wherever that is sent without a name: what has a name outlives what the comment says. */
  readonly comment: string;
  rows: Row[] = [];
  commandTag: string | undefined;
  /** The rows could not be read, although the statement took effect. */
  unreadable: Error | undefined;
  /** What is in use on the session that the step was last written to. */
  prepared: PreparedStatement | undefined;
  decoder: TunedDecoder | undefined;
  /** What `decoder` belongs to. The session may have a newer one by the time the rows are looked at. */
  shape: ResultShape | undefined;
  parses = false;
  progress: StepProgress = 'waiting';

  constructor(
    statement: Statement,
    parameters: readonly EncodedParameter[],
    executes = true,
    comment = '',
  ) {
    this.statement = statement;
    this.parameters = parameters;
    this.executes = executes;
    this.comment = comment;
  }
}
