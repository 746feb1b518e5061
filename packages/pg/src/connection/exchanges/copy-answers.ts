/** What the answers to a COPY say: how many rows there were, and where in the data an error is. */
import type {DatabaseErrorContext, DatabaseErrorFields} from '../../errors';
import {ProtocolError} from '../../errors';

/** The number in a command tag such as `COPY 3`. */
export function copiedRows(commandTag: string): number {
  const [, digits] = /^COPY (\d+)$/.exec(commandTag) ?? [];
  if (digits === undefined) throw new ProtocolError(`"${commandTag}" does not answer a COPY`);
  return Number(digits);
}

/**
 * The line that CopyFromErrorCallback (commands/copyfrom.c) names, for the message. It is read from a text that the
 * server translates, so where it does not look as expected there is none. Never the value behind it.
 */
export function placeOfCopyError({where = ''}: DatabaseErrorFields): DatabaseErrorContext {
  const [, line, column] = /^COPY .+?, line (\d+)(?:, column ([^:]+)(?::|$))?/m.exec(where) ?? [];
  if (line === undefined) return {};
  return {advice: `line ${line} of the data${column === undefined ? '' : `, column ${column}`}`};
}
