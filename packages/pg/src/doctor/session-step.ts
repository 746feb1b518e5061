/** Session: the server opened one on the database. What it is like the steps behind find out. */
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import type {Passed} from './passed';

export function sessionStep(journey: Journey, {database}: HostContext): Passed {
  return {
    step: {status: 'ok', summary: `open on database "${database}"`},
    at: journey.endedAt,
  };
}
