/**
 * The caller's end of the watchdog (see watchdog-process.ts): one watchdog per Node process, made
 * at the first server. It keeps the caller neither alive nor waiting.
 */
import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {Socket} from 'node:net';
import path from 'node:path';

export type WatchMessage =
  | {type: 'watch'; folder: string; dataDirectory: string; processId: number | undefined}
  | {type: 'forget'; folder: string};

let watchdog: ChildProcess | undefined;

/** Said before the server is started, and again when its process id is known. */
export function watch(folder: string, dataDirectory: string, processId?: number): void {
  send({type: 'watch', folder, dataDirectory, processId});
}

/** Harmless for a folder that was never watched. */
export function forget(folder: string): void {
  if (watchdog) send({type: 'forget', folder});
}

function send(message: WatchMessage): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(`${JSON.stringify(message)}\n`);
}

function startWatchdog(): ChildProcess {
  // NODE_OPTIONS of the caller (a debugger, a loader) are not for this process.
  const {NODE_OPTIONS: _, ...environment} = process.env;
  const child = spawn(process.execPath, [path.join(__dirname, 'watchdog-process.js')], {
    cwd: '/',
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    windowsHide: true,
  });
  child.unref();
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}

export function parseWatchMessage(line: string): WatchMessage | undefined {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null || !('type' in value) || !('folder' in value)) {
    return undefined;
  }
  const {type, folder} = value;
  if (typeof folder !== 'string') return undefined;
  if (type === 'forget') return {type, folder};
  if (type !== 'watch' || !('dataDirectory' in value)) return undefined;
  if (typeof value.dataDirectory !== 'string') return undefined;
  const processId = 'processId' in value ? value.processId : undefined;
  return {
    type,
    folder,
    dataDirectory: value.dataDirectory,
    processId: typeof processId === 'number' ? processId : undefined,
  };
}
