/** Hearing what the diagnostics channels tell. */
import assert from 'node:assert/strict';
import {tracingChannel} from 'node:diagnostics_channel';
import type {TestContext} from 'node:test';

export type Told = readonly [event: string, trace: object];

/** Hears a channel until the test ends. */
export function hear(context: TestContext, name: string): Told[] {
  const told: Told[] = [];
  const to = (event: string) => (trace: object) => void told.push([event, trace]);
  const subscribers = {
    start: to('start'),
    end: to('end'),
    asyncStart: to('asyncStart'),
    asyncEnd: to('asyncEnd'),
    error: to('error'),
  };
  const heard = tracingChannel(`@databases/pg:${name}`);
  heard.subscribe(subscribers);
  context.after(() => heard.unsubscribe(subscribers));
  return told;
}

export const eventsOf = (told: readonly Told[]): string[] => told.map(([event]) => event);
export const SUCCESS = ['start', 'end', 'asyncStart', 'asyncEnd'];
export const FAILURE = ['start', 'end', 'error', 'asyncStart', 'asyncEnd'];

/** The trace of the operation at `index` of those that began. */
export function traceOf<T>(
  told: readonly Told[],
  isKind: (trace: object) => trace is T & object,
  index = 0,
): T {
  const trace = told.filter(([event]) => event === 'start')[index]?.[1];
  assert.ok(trace !== undefined && isKind(trace));
  return trace;
}
