/**
 * Goes through hosts and the addresses of each until one answers and is of the kind that is looked for.
 *
 * It opens nothing itself: `attempt` does. Each host has `timeoutMilliseconds`, its lookup included, and each
 * address an equal share of what is left of it, so that the first cannot use up the time of the others. All of
 * it together takes at most `timeoutMilliseconds` for each host.
 *
 * A host that refuses the password or does not know the database is not passed over: the answer is the
 * same from all of them, and hiding it helps nobody.
 */
import type {TargetSessionAttrs} from '../../config';
import type {TraceTarget} from '../../tracing';
import {Deadline, untilAborted} from '../attempts/deadline';
import type {StopSignal} from '../attempts/stop-signal';
import type {Endpoint} from '../transport';
import {isFinalConnectFailure, unreachable} from './connect-failure';
import type {Attempt} from './connect-failure';
import {failureOf} from './failed-attempts';
import type {FailedAttempt} from './failed-attempts';
import {HostOrder} from './host-order';
import type {OrderPolicy, OrderSources} from './host-order';
import type {LookUp} from './look-up';
import {wishesOf} from './session-attributes';

export interface Host {
  readonly endpoint: Endpoint;
  readonly attempt: Attempt;
  readonly password: string | undefined;
  /** What traces say of it. */
  readonly trace: TraceTarget;
}

/** A server that let us in and is of another kind than the one looked for. */
export interface Unfit {
  readonly unfit: Error;
}

/** Tries one address of a host. Aborting the signal ends it. */
export type AttemptHost<T extends object> = (
  host: Host,
  wish: TargetSessionAttrs,
  signal: StopSignal,
) => Promise<T | Unfit>;

export interface Surroundings extends OrderSources {
  readonly lookUp: LookUp;
}

export interface HostsOptions {
  readonly hosts: readonly Host[];
  readonly target: TargetSessionAttrs;
  readonly policy: OrderPolicy;
  /** For each host. 0: none. */
  readonly timeoutMilliseconds: number;
}

interface Address {
  readonly key: string;
  readonly host: Host;
}

interface Candidate {
  readonly key: string;
  readonly host: Host;
  /** What is remembered of its addresses. */
  readonly addresses: HostOrder;
}

/** One host with one address, and one kind of server that is looked for. */
interface Only {
  readonly host: Host;
  readonly wish: TargetSessionAttrs;
}

/** One call of `find`. */
interface Search<T extends object> {
  readonly attempt: AttemptHost<T>;
  readonly failures: FailedAttempt[];
}

/** `unfit`: it let us in and is not what we look for. `failed`: it did not let us in. */
type Outcome<T> = 'unfit' | 'failed' | {readonly found: T};

export class Hosts {
  readonly #options: HostsOptions;
  readonly #surroundings: Surroundings;
  readonly #order: HostOrder;
  readonly #candidates: readonly Candidate[];
  /** Where there is nothing to choose from: what each connection of most pools takes, so it is kept short. */
  readonly #only: Only | undefined;

  constructor(options: HostsOptions, surroundings: Surroundings) {
    const {hosts, policy} = options;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#order = new HostOrder(policy, surroundings);
    this.#candidates = hosts.map((host, index) => ({
      key: String(index),
      host,
      addresses: new HostOrder(policy === 'random' ? 'random' : 'asGiven', surroundings),
    }));
    this.#only = onlyOf(options);
  }

  /** @throws What `attempt` threw, or one error for all that was tried, of the kind that tells most. */
  find<T extends object>(attempt: AttemptHost<T>): Promise<T> {
    return this.#only === undefined ? this.#search(attempt) : this.#findOnly(this.#only, attempt);
  }

  #findOnly<T extends object>({host, wish}: Only, attempt: AttemptHost<T>): Promise<T> {
    const deadline = new Deadline(this.#options.timeoutMilliseconds, host.attempt.server);
    return attempt(host, wish, deadline).then(
      (found) => {
        deadline.end();
        if ('unfit' in found) throw found.unfit;
        return found;
      },
      (error: unknown) => {
        deadline.end();
        throw error;
      },
    );
  }

  async #search<T extends object>(attempt: AttemptHost<T>): Promise<T> {
    const {target, timeoutMilliseconds} = this.#options;
    const {now} = this.#surroundings;
    const search: Search<T> = {attempt, failures: []};
    const end = now() + timeoutMilliseconds * this.#candidates.length;
    // A second round (prefer-standby) is not for those that did not let us in.
    const failed: Candidate[] = [];
    let isFirstRound = true;
    for (const wish of wishesOf(target)) {
      for (const candidate of this.#order.sort(this.#candidates)) {
        if (failed.includes(candidate)) continue;
        // Timers are a little late: the last host of the first round is not to pay for that.
        const limit = isFirstRound
          ? timeoutMilliseconds
          : Math.min(timeoutMilliseconds, end - now());
        const atLeast = timeoutMilliseconds === 0 ? 0 : 1;
        const outcome = await this.#tryHost(search, candidate, wish, Math.max(limit, atLeast));
        if (outcome === 'failed') {
          failed.push(candidate);
          this.#order.failed(candidate.key);
        } else if (outcome !== 'unfit') {
          this.#order.answered(candidate.key);
          return outcome.found;
        }
      }
      isFirstRound = false;
    }
    throw failureOf(search.failures);
  }

  async #tryHost<T extends object>(
    search: Search<T>,
    candidate: Candidate,
    wish: TargetSessionAttrs,
    limitMilliseconds: number,
  ): Promise<Outcome<T>> {
    const {now} = this.#surroundings;
    const end = limitMilliseconds === 0 ? Infinity : now() + limitMilliseconds;
    const deadline = new Deadline(limitMilliseconds, candidate.host.attempt.server);
    try {
      const addresses = isFixed(candidate.host)
        ? [{key: '', host: candidate.host}]
        : await this.#lookUp(search, candidate, deadline);
      let left = addresses.length;
      let met: Outcome<T> = 'failed';
      for (const address of addresses) {
        if (deadline.aborted) break;
        const share = (end - now()) / left;
        // The last has all that is left, which is for the deadline of the host to see to.
        const bound =
          left > 1 && Number.isFinite(share)
            ? new Deadline(Math.max(1, share), address.host.attempt.server, deadline)
            : undefined;
        left--;
        const started = now();
        let outcome: Outcome<T>;
        try {
          const found = await search.attempt(address.host, wish, bound ?? deadline);
          outcome = 'unfit' in found ? 'unfit' : {found};
          if ('unfit' in found) note(search, address.host, found.unfit, now() - started);
        } catch (error) {
          if (isFinalConnectFailure(error)) throw error;
          note(search, address.host, error, now() - started);
          outcome = 'failed';
        } finally {
          bound?.end();
        }
        if (outcome === 'failed') candidate.addresses.failed(address.key);
        else candidate.addresses.answered(address.key);
        if (typeof outcome === 'object') return outcome;
        if (outcome === 'unfit') met = outcome;
      }
      return met;
    } finally {
      deadline.end();
    }
  }

  /** None where the name cannot be looked up: that is a failure like others. */
  async #lookUp<T extends object>(
    search: Search<T>,
    {host, addresses}: Candidate,
    signal: StopSignal,
  ): Promise<readonly Address[]> {
    const {now, lookUp} = this.#surroundings;
    const started = now();
    try {
      const found = await untilAborted(lookUp(host.endpoint.host), signal);
      return addresses.sort(
        found.map((address) => ({key: address, host: at(host, address, found.length)})),
      );
    } catch (error) {
      note(search, host, unreachable(error, host.attempt), now() - started);
      return [];
    }
  }
}

/** Where no name has to be looked up first. */
function isFixed({endpoint: {socketPath, address}}: Host): boolean {
  return socketPath !== undefined || address !== undefined;
}

function onlyOf({hosts, target}: HostsOptions): Only | undefined {
  const [host, ...otherHosts] = hosts;
  const [wish, ...otherWishes] = wishesOf(target);
  if (host === undefined || wish === undefined || !isFixed(host)) return undefined;
  return otherHosts.length + otherWishes.length === 0 ? {host, wish} : undefined;
}

function note<T extends object>(
  {failures}: Search<T>,
  host: Host,
  error: unknown,
  milliseconds: number,
): void {
  failures.push({place: host.attempt.server, error, milliseconds});
}

/** The host at one of its addresses, which its errors name where it has more of them. */
function at(host: Host, address: string, count: number): Host {
  const {attempt, endpoint} = host;
  const server = count > 1 ? `${attempt.server} (${address})` : attempt.server;
  return {...host, endpoint: {...endpoint, address}, attempt: {...attempt, server}};
}
