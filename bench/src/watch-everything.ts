/** Somebody who listens to all that `@databases/pg` tells, and does nothing with it. */
import {subscribe, tracingChannel} from 'node:diagnostics_channel';

const OPERATIONS = ['query', 'stream', 'transaction', 'acquire', 'connect', 'cancel'];
const EVENTS = ['release', 'pool'];

function nothing(): void {}

/** Until the process ends. */
export function watchEverything(): void {
  for (const name of OPERATIONS) {
    tracingChannel(`@databases/pg:${name}`).subscribe({
      start: nothing,
      end: nothing,
      asyncStart: nothing,
      asyncEnd: nothing,
      error: nothing,
    });
  }
  for (const name of EVENTS) subscribe(`@databases/pg:${name}`, nothing);
}
