/**
 * The program of the watchdog: a process of its own that holds the reading end of a pipe from the
 * caller. When the caller ends, in whatever way, the pipe closes and this ends the servers that
 * are still on its list and removes their folders. It reads one JSON message per line.
 */
import {rm} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {endForeignServer} from './foreign-server';
import {parseWatchMessage} from './watchdog';

const watched = new Map<string, {dataDirectory: string; processId: number | undefined}>();

// A terminal's Ctrl-C or a closing session is meant for the caller; we outlive it on purpose.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const lines = createInterface({input: process.stdin});
lines.on('line', (line) => {
  const message = parseWatchMessage(line);
  if (message?.type === 'watch') watched.set(message.folder, message);
  else if (message?.type === 'forget') watched.delete(message.folder);
});
lines.on('close', () => {
  void Promise.all(
    Array.from(watched, async ([folder, {dataDirectory, processId}]) => {
      await endForeignServer(dataDirectory, processId);
      await rm(folder, {recursive: true, force: true, maxRetries: 5});
    }),
  );
});
