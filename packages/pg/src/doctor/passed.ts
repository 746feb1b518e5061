/** What a step of the way to a session has to say once it is through. */
import type {Step} from './report';

export interface Passed {
  readonly step: Omit<Step, 'name' | 'milliseconds'>;
  /** When it was through; undefined: it waited for nothing. */
  readonly at: number | undefined;
}
