/** Tells of a connection that is held for suspiciously long. The timer does not keep the process alive. */
import type {Connection} from '../../connection';
import {UsageError} from '../../errors';
import type {Lease} from '../../pool';
import type {Environment} from '../queries/environment';

const MOST_TEXT_SHOWN = 120;

/** @returns What stops it. */
export function warnOfLeak(
  {leakWarningMilliseconds: milliseconds, report}: Environment,
  lease: Lease<Connection>,
): () => void {
  const timer = setTimeout(() => report(leakWarning(lease, milliseconds)), milliseconds);
  timer.unref();
  return () => clearTimeout(timer);
}

function leakWarning({origin, resource}: Lease<Connection>, milliseconds: number): UsageError {
  const text = resource.lastText?.replace(/\s+/g, ' ').trim();
  const work =
    text === undefined ? 'has run nothing' : `last ran: ${text.slice(0, MOST_TEXT_SHOWN)}`;
  return new UsageError(
    `a connection has been held by a ${origin.label} for ${milliseconds} ms (leakWarningMilliseconds) and ${work}. If it is meant to take that long, raise the limit; else look for what it waits for. It was asked for here:\n${String(origin.site)}`,
    {code: 'PG_CONNECTION_HELD'},
  );
}
