/**
 * What happened on the way to one host, and when: the events of the connection layer put in their places.
 *
 * Pure: times come in as arguments. Of the tries that sslmode allow and prefer make, the last is the
 * journey, and the one before is kept for what it failed of.
 */
import type {AuthenticationMethod} from '../config';
import type {ConnectEvent, TlsFacts} from '../connection';

export interface At<T> {
  readonly at: number;
  readonly value: T;
}

export interface Journey {
  startedAt: number;
  tls: 'no' | 'ifOffered' | 'always';
  readonly addresses: string[];
  lookedUpAt: number | undefined;
  connected: At<string | undefined> | undefined;
  tlsAnswer: At<'S' | 'N' | 'E'> | undefined;
  secured: At<TlsFacts> | undefined;
  /** What the server asked for, if it asked. */
  asked: At<AuthenticationMethod> | undefined;
  authenticated: At<{method: AuthenticationMethod; channelBinding: boolean}> | undefined;
  endedAt: number;
  /** Undefined: the session is open. */
  error: unknown;
  /** The try before, which the server or the network refused. */
  earlier: Journey | undefined;
}

export function newJourney(startedAt: number, earlier?: Journey): Journey {
  return {
    startedAt,
    tls: 'no',
    addresses: [],
    lookedUpAt: undefined,
    connected: undefined,
    tlsAnswer: undefined,
    secured: undefined,
    asked: undefined,
    authenticated: undefined,
    endedAt: startedAt,
    error: undefined,
    earlier,
  };
}

/** Writes an event down; gives the journey to go on with. */
export function record(journey: Journey, event: ConnectEvent, at: number): Journey {
  switch (event.type) {
    case 'attempt': {
      const next = journey.error === undefined ? journey : newJourney(at, journey);
      next.tls = event.tls;
      return next;
    }
    case 'lookup':
      journey.lookedUpAt ??= at;
      journey.addresses.push(event.address);
      break;
    case 'connected':
      journey.connected = {at, value: event.address};
      break;
    case 'tlsAnswer':
      journey.tlsAnswer = {at, value: event.answer};
      break;
    case 'secured':
      journey.secured = {at, value: event.tls};
      break;
    case 'authentication':
      journey.asked ??= {at, value: event.method};
      break;
    case 'authenticated':
      journey.authenticated = {at, value: event};
      break;
    case 'attemptFailed':
      journey.error = event.error;
      journey.endedAt = at;
      break;
  }
  return journey;
}
