/** The question that shows whether a session still listens, and how its answer is read. */
import {ProtocolError} from '../../errors';

export interface SessionState {
  /** Of the server process that answered. */
  readonly processId: number;
  readonly channels: ReadonlySet<string>;
}

/** One row, whatever the number of channels. */
export const STATE_QUESTION =
  'SELECT pg_catalog.pg_backend_pid(), pg_catalog.to_json(ARRAY(SELECT pg_catalog.pg_listening_channels()))';

/** @throws {ProtocolError} It is not an answer to this question. */
export function readState(values: readonly (string | null)[]): SessionState {
  const [processId, channels] = values;
  const names = parsed(channels);
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) {
    throw new ProtocolError(
      'the server did not answer with the channels that the session listens to',
    );
  }
  return {processId: Number(processId), channels: new Set<string>(names)};
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
