/**
 * A pool in simulated time: resources that take as long as each task says, one task after the other. Runs
 * without waiting, so a minute of load takes milliseconds and always goes the same way.
 */
import type {CostEstimate} from './cost-estimate';
import type {FakeResource, Fixture} from './pool-fakes.test.support';
import {FakeTask} from './pool-fakes.test.support';

export interface Finished {
  readonly task: SimulatedTask;
  readonly latencyMilliseconds: number;
}

export class SimulatedTask extends FakeTask {
  dispatchedAt = 0;
  /** How many tasks ran on the resource when this one started, by name. */
  behind: readonly string[] = [];

  constructor(
    name: string,
    cost: CostEstimate,
    readonly serviceMilliseconds: number,
    options: {alone?: boolean} = {},
  ) {
    super(name, cost, options);
  }
}

interface Event {
  readonly at: number;
  readonly happen: () => void;
}

export class Simulation {
  readonly finished: Finished[] = [];
  /** How long a task is on its way to its resource and its answer on the way back. */
  roundTripMilliseconds = 0;
  onFinish: ((task: SimulatedTask) => void) | undefined = undefined;
  readonly #fixture: Fixture;
  readonly #freeAt = new Map<FakeResource, number>();
  #events: Event[] = [];

  constructor(fixture: Fixture) {
    this.#fixture = fixture;
  }

  get now(): number {
    return this.#fixture.clock.time;
  }

  at(milliseconds: number, happen: () => void): void {
    const event = {at: milliseconds, happen};
    const index = this.#events.findLastIndex((other) => other.at <= milliseconds);
    this.#events.splice(index + 1, 0, event);
  }

  dispatch(task: SimulatedTask): void {
    task.dispatchedAt = this.now;
    task.onStart = () => this.#serve(task);
    this.#fixture.pool.dispatch(task);
  }

  /** Lets time pass until the moment given, or until nothing is left to happen. */
  run(until: number): void {
    for (let event = this.#events[0]; event !== undefined && event.at <= until;) {
      this.#events.shift();
      this.#fixture.clock.time = event.at;
      event.happen();
      event = this.#events[0];
    }
    this.#fixture.clock.time = until;
  }

  #serve(task: SimulatedTask): void {
    const {resource} = task;
    if (resource === undefined) return;
    task.behind = resource.running.filter((other) => other !== task).map(({name}) => name);
    const arrival = this.now + this.roundTripMilliseconds / 2;
    const begin = Math.max(arrival, this.#freeAt.get(resource) ?? 0);
    const end = begin + task.serviceMilliseconds;
    this.#freeAt.set(resource, end);
    this.at(end + this.roundTripMilliseconds / 2, () => {
      this.finished.push({task, latencyMilliseconds: this.now - task.dispatchedAt});
      this.#fixture.finish(task);
      this.onFinish?.(task);
    });
  }
}

/** Numbers in [0, 1) that look like chance and are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Dispatches tasks from now on until the moment given, so many per second, as chance has it. */
export function arrivals(
  simulation: Simulation,
  perSecond: number,
  random: () => number,
  create: () => SimulatedTask,
  until: number,
): void {
  const next = () => {
    simulation.dispatch(create());
    const at = simulation.now - (Math.log(1 - random()) * 1000) / perSecond;
    if (at < until) simulation.at(at, next);
  };
  simulation.at(simulation.now, next);
}
