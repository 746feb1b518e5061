/** At which step a connection failed: by what kind of error it is, else by how far it had come. */
import {AuthenticationError, DatabaseError, ProtocolError} from '../errors';
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import type {StepName} from './report';

/** Undefined: it did not fail. */
export function failingStep(journey: Journey, context: HostContext): StepName | undefined {
  const {error} = journey;
  if (error === undefined) return undefined;
  // Class 28 is about who one is; a server that is full, starting or without the database refuses the session.
  if (error instanceof DatabaseError) {
    return error.code.startsWith('28') ? 'authentication' : 'session';
  }
  if (error instanceof AuthenticationError) return 'authentication';
  if (journey.connected === undefined) {
    const isLookup = context.needsLookup && journey.addresses.length === 0;
    return isLookup || syscallOf(error) === 'getaddrinfo' ? 'dns' : 'tcp';
  }
  if (journey.authenticated !== undefined) return 'session';
  if (journey.asked !== undefined) return 'authentication';
  if (journey.tls !== 'no' && journey.secured === undefined) {
    if (error instanceof ProtocolError) return 'protocol';
    // Silence or a hang-up in place of the answer about TLS: whatever listens there is not Postgres.
    return journey.tlsAnswer === undefined && !context.directTls ? 'protocol' : 'tls';
  }
  return 'protocol';
}

/** The `code` of Node's error behind ours: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
export function codeOf(error: unknown): string | undefined {
  return textProperty(rootOf(error), 'code');
}

function syscallOf(error: unknown): string | undefined {
  return textProperty(rootOf(error), 'syscall');
}

/** Node gives all the addresses' errors in one; they are alike as far as the doctor is concerned. */
function rootOf(error: unknown): unknown {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return cause instanceof AggregateError ? cause.errors[0] : cause;
}

function textProperty(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Reflect.get(value, name);
  return typeof found === 'string' ? found : undefined;
}
