/** Runs `pg-cluster watch` from its arguments to its exit code. Touches no process: what it needs is handed to it. */
import {ConfigurationError} from '@databases/pg';
import {HELP, readArguments} from './arguments';
import type {WatchRequest} from './arguments';
import {Observer} from './observer';
import {renderPicture, renderPictureJson} from './render-picture';
import {jsonScreen, lineScreen, terminalScreen} from './screen';
import type {Output, Screen} from './screen';
import {watchedPools} from './watched-pools';

export interface WatchEnvironment {
  readonly output: Output;
  /** Whether the output is a terminal that can be drawn over. */
  readonly isTerminal: boolean;
  readonly colours: boolean;
  readonly complain: (text: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

const PROBE_MILLISECONDS = 250;
/** For so long `--once` looks at nodes of which it is not clear yet what they are. */
const SETTLE_MILLISECONDS = 1500;
const SETTLE_STEP_MILLISECONDS = 100;

/** Gives the exit code. Rejects only for a bug. */
export async function watch(
  args: readonly string[],
  environment: WatchEnvironment,
): Promise<number> {
  const request = readArguments(args);
  if (typeof request === 'string') {
    environment.complain(`${request}\n\n${HELP}`);
    return 2;
  }
  if (request.help) {
    environment.output.write(HELP);
    return 0;
  }
  let pools;
  try {
    pools = watchedPools(request);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    environment.complain(`${error.message}\n`);
    return 2;
  }
  const screen = request.once ? undefined : screenFor(request, environment);
  let phase: 'meeting' | 'watching' = 'meeting';
  const observer = new Observer(pools, {
    maxLagMilliseconds: request.maxLagMilliseconds,
    probeMilliseconds: PROBE_MILLISECONDS,
    now: environment.now,
    onEvent: (event) => {
      // Before the first look has come back, everything would be news.
      if (phase !== 'watching' || environment.signal.aborted) return;
      screen?.happened(event);
      // The event is told in the midst of the change; the picture is of after it.
      queueMicrotask(() => screen?.show(observer.picture()));
    },
  });
  try {
    if (screen === undefined) return await watchOnce(observer, request, environment);
    await Promise.race([meet(observer), aborted(environment.signal)]);
    phase = 'watching';
    await watchOn(observer, screen, request, environment.signal);
    return 0;
  } finally {
    screen?.close();
    await observer.close();
  }
}

async function watchOnce(
  observer: Observer,
  {json}: WatchRequest,
  {output, colours, signal}: WatchEnvironment,
): Promise<number> {
  const steps = SETTLE_MILLISECONDS / SETTLE_STEP_MILLISECONDS;
  for (let step = 0; step < steps && !signal.aborted; step++) {
    await observer.look();
    // The first look had to connect first, so how long it took says little.
    if (observer.isSettled && step > 0) break;
    await pause(SETTLE_STEP_MILLISECONDS, signal);
  }
  await observer.askServers();
  const picture = observer.picture();
  const text = json
    ? renderPictureJson(picture)
    : renderPicture({...picture, events: []}, {colours}).join('\n');
  output.write(`${text}\n`);
  return picture.nodes.some(({role}) => role === 'primary') ? 0 : 1;
}

async function meet(observer: Observer): Promise<void> {
  await observer.look();
  await observer.askServers();
}

async function watchOn(
  observer: Observer,
  screen: Screen,
  {intervalMilliseconds}: WatchRequest,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    screen.show(observer.picture());
    await pause(intervalMilliseconds, signal);
    void observer.askServers();
  }
}

function screenFor({json}: WatchRequest, {output, isTerminal, colours}: WatchEnvironment): Screen {
  if (json) return jsonScreen(output);
  return isTerminal ? terminalScreen(output, colours) : lineScreen(output);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), {once: true});
  });
}

/** Ends early when it is aborted. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}
