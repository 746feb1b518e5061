/** DNS: which addresses the host's name stands for. */
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import type {Passed} from './passed';

export function dnsStep(journey: Journey, {host, isSocket, needsLookup}: HostContext): Passed {
  if (!needsLookup) {
    const summary = isSocket ? 'a unix socket has no name to look up' : 'an address is configured';
    return {step: {status: 'skipped', summary}, at: undefined};
  }
  return {
    step: {status: 'ok', summary: `${host} is ${journey.addresses.join(', ')}`},
    at: journey.lookedUpAt,
  };
}
