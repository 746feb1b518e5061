/**
 * Names of channels, as they were given: checked here because the server does not. LISTEN cuts a longer name
 * short with no more than a notice and then listens to another channel than the one that is notified.
 */
import {UsageError} from '../../errors';

/** NAMEDATALEN - 1. */
const LONGEST_NAME_BYTES = 63;

/** @throws {UsageError} `PG_INVALID_ARGUMENT`: no server has a channel of this name. */
export function assertChannel(channel: unknown): asserts channel is string {
  if (typeof channel !== 'string') {
    throw invalid(`a channel is named by a string, not by ${typeof channel}`);
  }
  if (channel === '') throw invalid('the name of a channel is empty');
  if (channel.includes('\0')) throw invalid('the name of a channel has a zero character in it');
  if (/\p{Surrogate}/u.test(channel)) {
    throw invalid('the name of a channel has half a character (a lone surrogate) in it');
  }
  const bytes = Buffer.byteLength(channel);
  if (bytes <= LONGEST_NAME_BYTES) return;
  throw invalid(
    `the name of a channel has ${bytes} bytes in UTF-8 and Postgres takes ${LONGEST_NAME_BYTES}; use a shorter one and put the rest into the payload`,
  );
}

/** As an identifier in SQL, letter for letter: without quotes Postgres would read `Orders` as `orders`. */
export function quoteChannel(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}

function invalid(message: string): UsageError {
  return new UsageError(message, {code: 'PG_INVALID_ARGUMENT'});
}
