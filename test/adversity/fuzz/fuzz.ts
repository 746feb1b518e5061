/**
 * Feeds mutated streams, each made from the seed and its number alone, so that one can be made again.
 */
import {existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {randomFrom} from '../rig/random';
import {feed} from './feed';
import type {Verdict} from './feed';
import {mutate} from './mutate';
import type {Stream} from './mutate';
import {FAILURES_FOLDER} from './recordings';
import type {Recording} from './recordings';

const SUSPICIOUS_MILLISECONDS = 10;

export interface Tally {
  streams: number;
  /** How many ended the session with an error. */
  refused: number;
  /** By the name of the error's class. */
  readonly errors: Map<string, number>;
  stallMilliseconds: number;
}

export interface Failure {
  readonly index: number;
  readonly stream: Stream;
  readonly error: Error;
}

export const newTally = (): Tally => ({
  streams: 0,
  refused: 0,
  errors: new Map(),
  stallMilliseconds: 0,
});

export function streamOf(recordings: readonly Recording[], seed: number, index: number): Stream {
  // Neighbouring seeds give neighbouring sequences, so they are spread first.
  return mutate(
    recordings,
    randomFrom(Math.imul(seed + 1, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b)),
  );
}

/** Feeds the streams of these numbers. Undefined: none of them did any harm. */
export async function fuzz(
  recordings: readonly Recording[],
  seed: number,
  {from, to}: {from: number; to: number},
  tally: Tally,
): Promise<Failure | undefined> {
  for (let index = from; index < to; index++) {
    const stream = streamOf(recordings, seed, index);
    try {
      const verdict = await feed(stream);
      count(
        tally,
        verdict.stallMilliseconds < SUSPICIOUS_MILLISECONDS ? verdict : await again(stream),
      );
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return {index, stream, error};
    }
  }
  return undefined;
}

/** A stream that keeps the process busy does so each time; what only one run of it shows is the machine. */
async function again(stream: Stream): Promise<Verdict> {
  const verdicts = [await feed(stream), await feed(stream), await feed(stream)];
  return verdicts.reduce((least, verdict) =>
    verdict.stallMilliseconds < least.stallMilliseconds ? verdict : least,
  );
}

function count(tally: Tally, {error, stallMilliseconds}: Verdict): void {
  tally.streams++;
  tally.stallMilliseconds = Math.max(tally.stallMilliseconds, stallMilliseconds);
  if (error === undefined) return;
  tally.refused++;
  tally.errors.set(error.name, (tally.errors.get(error.name) ?? 0) + 1);
}

/** What stands beside the bytes of a failure. */
interface StoredFailure {
  readonly conversation: string;
  readonly chunkBytes: readonly number[];
  readonly error: string;
}

/** Keeps the stream of a failure, for the tests to feed from now on. Gives the path without its ending. */
export function store({stream, error}: Failure, name: string): string {
  mkdirSync(FAILURES_FOLDER, {recursive: true});
  const path = join(FAILURES_FOLDER, name);
  const stored: StoredFailure = {
    conversation: stream.conversation,
    chunkBytes: stream.chunks.map((chunk) => chunk.length),
    error: error.message,
  };
  writeFileSync(`${path}.bin`, Buffer.concat(stream.chunks));
  writeFileSync(`${path}.json`, `${JSON.stringify(stored, undefined, 2)}\n`);
  return path;
}

export function readFailures(): (Stream & {readonly name: string})[] {
  // An empty folder is not kept in the repository.
  if (!existsSync(FAILURES_FOLDER)) return [];
  const names = readdirSync(FAILURES_FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));
  return names.map((name) => {
    const path = join(FAILURES_FOLDER, name);
    const stored: StoredFailure = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
    const bytes = readFileSync(`${path}.bin`);
    let at = 0;
    const chunks = stored.chunkBytes.map((length) => bytes.subarray(at, (at += length)));
    return {name, conversation: stored.conversation, chunks};
  });
}
