/** Keeps the settings that the server reports, and bounds how many it may make this side remember. */
import {ProtocolError} from '../../errors';

/** Postgres reports about 15; a hostile server must not fill the memory. */
const MAX_REPORTED_PARAMETERS = 1000;

/** @throws {ProtocolError} More different ones than any Postgres has. */
export function keepReported(parameters: Map<string, string>, name: string, value: string): void {
  if (!parameters.has(name) && parameters.size >= MAX_REPORTED_PARAMETERS) {
    throw new ProtocolError(
      `the server reported more than ${MAX_REPORTED_PARAMETERS} different parameters`,
    );
  }
  parameters.set(name, value);
}
