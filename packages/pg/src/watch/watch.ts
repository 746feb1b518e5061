/**
 * Runs `databases-pg watch` from its arguments to its exit code. Touches no process: what it needs is handed to it.
 *
 * Invariant: when it resolves, a terminal is as it was, with the last picture left on it, and nothing is connected.
 */
import {setTimeout as delay} from 'node:timers/promises';
import type {ConnectionPool} from '../client';
import {HELP, readArguments} from './arguments';
import type {WatchRequest} from './arguments';
import type {Picture, Source} from './picture';
import {programSource} from './program';
import {serverSource} from './sessions';
import {RED, paint, printable} from './terminal-table';

export interface Output {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

export interface WatchEnvironment {
  readonly output: Output;
  /** Whether the output is a terminal that can be drawn over. */
  readonly isTerminal: boolean;
  readonly colours: boolean;
  readonly complain: (text: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Undefined: as the environment says. @throws {ConfigurationError} */
  readonly openPool: (connectionString: string | undefined) => ConnectionPool;
}

const ALTERNATE_SCREEN = '\u001B[?1049h\u001B[?25l';
const FORMER_SCREEN = '\u001B[?25h\u001B[?1049l';
const TO_THE_TOP = '\u001B[H';
const CLEAR_REST_OF_LINE = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

/** Gives the exit code. Rejects only for a bug. */
export async function watch(
  args: readonly string[],
  environment: WatchEnvironment,
): Promise<0 | 1> {
  const {output, complain} = environment;
  const request = readArguments(args);
  if (typeof request === 'string') {
    complain(`${request}\n\n${HELP}`);
    return 1;
  }
  if (request.help) {
    output.write(HELP);
    return 0;
  }
  let source: Source;
  try {
    source = sourceOf(request, environment);
  } catch (error) {
    complain(`${messageOf(error)}\n`);
    return 1;
  }
  try {
    return request.once
      ? await showOnce(source, request, environment)
      : await showAll(source, request, environment);
  } finally {
    await source.close();
  }
}

function sourceOf({target}: WatchRequest, {openPool}: WatchEnvironment): Source {
  const isProgram = target !== undefined && /^https?:\/\//i.test(target);
  return isProgram ? programSource(target) : serverSource(openPool(target));
}

async function showOnce(
  source: Source,
  {json}: WatchRequest,
  {output, colours, complain}: WatchEnvironment,
): Promise<0 | 1> {
  try {
    const picture = await source.look();
    output.write(json ? line(picture) : `${picture.render({colours}).join('\n')}\n`);
    return 0;
  } catch (error) {
    complain(`${messageOf(error)}\n`);
    return 1;
  }
}

/** Until it is ended. What cannot be seen for a while is told, and tried again. */
async function showAll(
  source: Source,
  {json, intervalMilliseconds}: WatchRequest,
  {output, isTerminal, colours, complain, signal}: WatchEnvironment,
): Promise<0 | 1> {
  const draws = isTerminal && !json;
  let last: Picture | undefined;
  if (draws) output.write(ALTERNATE_SCREEN);
  while (!signal.aborted) {
    let failure: string | undefined;
    try {
      last = await untilAborted(source.look(), signal);
    } catch (error) {
      if (signal.aborted) break;
      failure = messageOf(error);
    }
    if (draws) output.write(screenOf(last, failure, output, colours));
    else if (failure !== undefined) complain(`${failure}\n`);
    else if (last !== undefined) {
      output.write(json ? line(last) : `${last.render({colours}).join('\n')}\n\n`);
    }
    await delay(intervalMilliseconds, undefined, {signal}).catch(() => undefined);
  }
  if (draws) output.write(`${FORMER_SCREEN}${last?.render({colours}).join('\n') ?? ''}\n`);
  return 0;
}

function screenOf(
  picture: Picture | undefined,
  failure: string | undefined,
  {columns, rows}: Output,
  colours: boolean,
): string {
  // A terminal that does not know its size says that it is 0.
  const style = {colours, columns: columns === 0 ? undefined : columns};
  const lines =
    picture
      ?.render(style)
      .map((each) => (each.includes('\u001B') ? each : each.slice(0, style.columns))) ?? [];
  const end =
    failure === undefined
      ? 'Ctrl-C or q ends it.'
      : paint(failure.slice(0, style.columns), RED, colours);
  const visible = rows ? lines.slice(0, Math.max(0, rows - 3)) : lines;
  const text = [...visible, '', end].map((each) => `${each}${CLEAR_REST_OF_LINE}`).join('\n');
  return `${TO_THE_TOP}${text}${CLEAR_BELOW}`;
}

/** A server that does not answer does not keep the command from ending. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('ended'));
    signal.addEventListener('abort', abort, {once: true});
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function line({data}: Picture): string {
  return `${JSON.stringify(data)}\n`;
}

/** No error that gets here repeats a url. */
function messageOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}
