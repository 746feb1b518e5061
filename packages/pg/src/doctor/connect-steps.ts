/**
 * A journey -> the steps from DNS to the open session, each with its time.
 *
 * Pure. Invariant: exactly one step fails where the journey failed, and those behind it are skipped.
 */
import {authenticationStep} from './authentication-step';
import {diagnose} from './diagnosis';
import {dnsStep} from './dns-step';
import {failingStep} from './failing-step';
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import type {Passed} from './passed';
import {protocolStep} from './protocol-step';
import {notReached} from './report';
import type {Step, StepName} from './report';
import {sessionStep} from './session-step';
import {tcpStep} from './tcp-step';
import {certificateFacts, tlsStep} from './tls-step';
import type {TlsFacts} from '../connection';

type Describe = (journey: Journey, context: HostContext) => Passed;

const STEPS: readonly (readonly [StepName, Describe])[] = [
  ['dns', dnsStep],
  ['tcp', tcpStep],
  ['protocol', protocolStep],
  ['tls', tlsStep],
  ['authentication', authenticationStep],
  ['session', sessionStep],
];

/** `shown` is what the server shows in a TLS handshake, for the one that failed. */
export function connectSteps(journey: Journey, context: HostContext, shown?: TlsFacts): Step[] {
  const failing = failingStep(journey, context);
  const steps: Step[] = [];
  let from = journey.startedAt;
  let isBehind = false;
  for (const [name, describe] of STEPS) {
    if (isBehind) {
      steps.push(notReached(name));
    } else if (name === failing) {
      isBehind = true;
      steps.push(failed(name, journey, context, {from, shown}));
    } else {
      const {step, at} = describe(journey, context);
      steps.push({name, ...step, ...(at === undefined ? {} : {milliseconds: at - from})});
      from = at ?? from;
    }
  }
  return steps;
}

function failed(
  name: StepName,
  journey: Journey,
  context: HostContext,
  {from, shown}: {from: number; shown: TlsFacts | undefined},
): Step {
  const {earlier, error} = journey;
  const message = error instanceof Error ? error.message : String(error);
  const before =
    earlier === undefined
      ? []
      : [
          `the try before, ${earlier.tls === 'no' ? 'without' : 'with'} TLS, failed too: ${diagnose(earlier, context).summary}`,
        ];
  const {summary, advice} = diagnose(journey, context);
  const facts = [
    ...(name === 'tls' && shown !== undefined ? certificateFacts(shown) : []),
    ...(summary === message ? [] : [{name: 'error', value: message}]),
  ];
  return {
    name,
    status: 'fail',
    milliseconds: journey.endedAt - from,
    summary,
    ...(facts.length === 0 ? {} : {facts}),
    advice: [...advice, ...before],
  };
}
