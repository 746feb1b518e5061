/**
 * The CPU time that backends of a server have used, read from Linux' /proc.
 *
 * A postmaster waits for its children, so their time is added to its own `cutime` and `cstime` when they
 * end: the difference around a run is what the backends of that run used. Not seen: backends that still
 * run, and the server's helpers (checkpointer, WAL writer), which live longer than a run.
 */
import {readFileSync} from 'node:fs';

// USER_HZ, which is 100 on every platform that Node runs on.
export const ticksPerSecond = 100;

/** Seconds; undefined where there is no /proc. */
export function endedBackendsSeconds(postmasterProcessId: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const stat = readFileSync(`/proc/${postmasterProcessId}/stat`, 'latin1');
  const {user, system} = parseChildrenTicks(stat);
  return (user + system) / ticksPerSecond;
}

/** proc_pid_stat(5): fields 16 and 17, counted from the state (field 3), which follows the name. */
export function parseChildrenTicks(stat: string): {user: number; system: number} {
  // The name (field 2) is in parentheses and may hold spaces and parentheses itself.
  const fromState = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {user: Number(fromState[16 - 3]), system: Number(fromState[17 - 3])};
}
