/** Protocol: what listens there is Postgres, which its first answer tells. */
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import type {Passed} from './passed';

export function protocolStep(journey: Journey, {directTls}: HostContext): Passed {
  if (journey.tlsAnswer !== undefined) {
    return {step: {status: 'ok', summary: 'Postgres answers'}, at: journey.tlsAnswer.at};
  }
  // Without the question about TLS the first answer is that to the startup message, seen further down.
  return directTls && journey.secured === undefined
    ? {step: {status: 'skipped', summary: 'spoken inside TLS from the first byte'}, at: undefined}
    : {step: {status: 'ok', summary: 'Postgres answers'}, at: undefined};
}
