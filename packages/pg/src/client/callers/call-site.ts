/**
 * Where the program asked for a connection, kept for as long as it holds it.
 *
 * The stack is captured at once, which costs a fifth of what a short transaction does; it is made readable where
 * somebody asks, which costs as much again.
 */
import {join, sep} from 'node:path';

/** Those of this package come on top of those that are asked for: more than a query has, told to channels or not. */
const OWN_FRAMES = 20;
/**
 * Those of the client and of its channels; of the published package, where all is in few files, the package. A program
 * that was bundled to a module of ECMAScript has no `__dirname`, and all of its frames are in one file.
 */
const OWN_FOLDERS =
  typeof __dirname === 'undefined'
    ? []
    : [join(__dirname, '..') + sep, join(__dirname, '..', '..', 'tracing') + sep];

export class CallSite {
  readonly #trace: {readonly stack?: string} = {};

  constructor() {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = limit + OWN_FRAMES;
    Error.captureStackTrace(this.#trace, CallSite);
    Error.stackTraceLimit = limit;
  }

  /** The frames of the program, one a line; empty when none is known. */
  toString(): string {
    const frames = (this.#trace.stack ?? '').split('\n').slice(1);
    return frames.filter((frame) => !isOwn(frame)).join('\n');
  }
}

function isOwn(frame: string): boolean {
  if (frame.includes('(<anonymous>)') || frame.includes('node:diagnostics_channel')) return true;
  return OWN_FOLDERS.some((folder) => frame.includes(folder));
}
