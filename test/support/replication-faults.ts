/** What makes a standby fall behind while it answers: its replay is stopped or slowed down, or its link is cut. */
import {sql} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {eventually} from './activity';

/** Resolves when nothing more is replayed. */
export async function stopReplay(standby: ConnectionPool): Promise<void> {
  await standby.query(sql`SELECT pg_wal_replay_pause()`);
  // A startup process that waits for WAL sees the request only when it wakes up, which pg_wal_replay_pause makes it do.
  await eventually('replay is paused', async () => {
    const [row] = await standby.query(sql`SELECT pg_get_wal_replay_pause_state() AS state`);
    return row.state === 'paused';
  });
}

export async function resumeReplay(standby: ConnectionPool): Promise<void> {
  await standby.query(sql`SELECT pg_wal_replay_resume()`);
}

/** Resolves when it does not stream any more. It keeps its upstream for `reattach`. */
export async function cutOff(standby: ConnectionPool): Promise<void> {
  const [row] = await standby.query(sql`SHOW primary_conninfo`);
  UPSTREAMS.set(standby, row.primary_conninfo);
  await configure(standby, 'primary_conninfo', '');
  await eventually('the walreceiver has ended', async () => {
    const receivers = await standby.query(sql`SELECT FROM pg_stat_wal_receiver`);
    return receivers.length === 0;
  });
}

const UPSTREAMS = new WeakMap<ConnectionPool, string>();

export async function reattach(standby: ConnectionPool): Promise<void> {
  const conninfo = UPSTREAMS.get(standby) ?? '';
  await configure(standby, 'primary_conninfo', conninfo);
}

/** Commits are replayed so much later than they were made; 0: at once. */
export async function delayReplay(standby: ConnectionPool, milliseconds: number): Promise<void> {
  await configure(standby, 'recovery_min_apply_delay', `${milliseconds} ms`);
}

async function configure(standby: ConnectionPool, name: string, value: string): Promise<void> {
  // ALTER SYSTEM takes no parameters.
  const literal = `'${value.replaceAll("'", "''")}'`;
  await standby.query(sql.__dangerous__rawValue(`ALTER SYSTEM SET ${name} = ${literal}`));
  await standby.query(sql`SELECT pg_reload_conf()`);
}
