/**
 * What sessions do that few programs ask for, loaded by the first call that does: it is a tenth of what a pool would
 * have to read otherwise. In the published package each is a file of its own (tools/bundle.mjs).
 */
import type * as Copying from './session-copies';
import type * as Streaming from './session-streams';

export function copying(): typeof Copying {
  return require('./session-copies');
}

export function streaming(): typeof Streaming {
  return require('./session-streams');
}
