/** TLS: whether the connection is encrypted, what certificate the server showed, and whether it was verified. */
import type {TlsFacts} from '../connection';
import type {SslMode} from '../config';
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import type {Passed} from './passed';
import type {Fact} from './report';

const VERIFICATION: Readonly<Record<SslMode, string | undefined>> = {
  disable: undefined,
  allow: undefined,
  prefer: undefined,
  require: undefined,
  'no-verify': undefined,
  'verify-ca': 'signed by a trusted authority; verify-ca checks no host name',
  'verify-full': 'signed by a trusted authority, for this host name',
};

export function tlsStep(journey: Journey, context: HostContext): Passed {
  const {sslMode} = context;
  const {secured} = journey;
  if (secured === undefined) return {step: withoutTls(journey, context), at: undefined};
  const verified = VERIFICATION[sslMode];
  const {distrust, protocol} = secured.value;
  const facts: Fact[] = [
    ...certificateFacts(secured.value, false),
    {
      name: 'verified',
      value:
        verified === undefined
          ? `no: sslmode=${sslMode} does not verify${distrust === undefined ? ', though it could: try sslmode=verify-full' : ` (it would not pass: ${distrust})`}`
          : `yes: ${verified}`,
    },
  ];
  return {
    step: {
      status: 'ok',
      summary: `encrypted with ${protocol ?? 'TLS'}, ${secured.value.cipher}`,
      facts,
    },
    at: secured.at,
  };
}

export function certificateFacts(facts: TlsFacts, hasFailed = true): Fact[] {
  const {certificate, distrust} = facts;
  if (certificate === undefined) return [];
  const {subject, names, issuer, validFrom, validTo} = certificate;
  return [
    {name: 'certificate', value: subject},
    ...(names === undefined ? [] : [{name: 'for', value: names}]),
    {name: 'issuer', value: issuer},
    {name: 'valid', value: `${validFrom} to ${validTo}`},
    ...(hasFailed && distrust !== undefined ? [{name: 'verified', value: `no: ${distrust}`}] : []),
  ];
}

function withoutTls(
  {tls, tlsAnswer, earlier}: Journey,
  {isSocket, sslMode, host}: HostContext,
): Passed['step'] {
  if (isSocket) return {status: 'skipped', summary: 'a unix socket needs none'};
  const isLocal = host === 'localhost' || host === '::1' || host.startsWith('127.');
  const status = isLocal || sslMode === 'disable' ? 'skipped' : 'warn';
  const advice =
    status === 'warn'
      ? {advice: ['everything but the password can be read on the way: use sslmode=verify-full']}
      : {};
  if (earlier !== undefined) {
    return {
      status,
      summary: `not encrypted: the try with TLS was refused and sslmode=${sslMode} allows to go on without`,
      ...advice,
    };
  }
  const why =
    tls !== 'no' && tlsAnswer?.value === 'N'
      ? 'the server offers no TLS'
      : `sslmode=${sslMode} asks for none`;
  return {status, summary: `not encrypted: ${why}`, ...advice};
}
