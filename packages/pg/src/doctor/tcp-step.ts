/** TCP: something listens there. */
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import type {Passed} from './passed';

export function tcpStep(journey: Journey, {server, port, isSocket}: HostContext): Passed {
  const address = journey.connected?.value;
  const summary =
    isSocket || address === undefined
      ? `connected to ${server}`
      : `connected to ${address.includes(':') ? `[${address}]` : address}:${port}`;
  return {step: {status: 'ok', summary}, at: journey.connected?.at};
}
