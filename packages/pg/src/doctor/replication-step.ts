/** Replication: how far the standbys are behind the primary, where several hosts are configured. */
import type {Row} from './ask';
import type {Fact, Step} from './report';

/** Positions in bytes from the start of the WAL. A standby that has replayed all it received is not late. */
export const REPLICATION_QUESTION = `SELECT
  CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END,
  CASE WHEN pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')
    ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') END,
  CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp()) END`;

export interface ReplicationState {
  readonly server: string;
  readonly isStandby: boolean;
  readonly position: number;
  readonly delaySeconds: number;
}

const LATE_SECONDS = 10;

export function readReplicationState(server: string, row: Row): ReplicationState {
  const [standby = 0, position = 0, delaySeconds = 0] = row.map(Number);
  return {server, isStandby: standby === 1, position, delaySeconds};
}

export function replicationStep(states: readonly ReplicationState[]): Step {
  const primary = states.find(({isStandby}) => !isStandby);
  const standbys = states.filter(({isStandby}) => isStandby);
  if (standbys.length === 0) {
    return {
      name: 'replication',
      status: 'skipped',
      summary: 'no standby among the hosts that answered',
    };
  }
  const facts: Fact[] = standbys.map(({server, position, delaySeconds}) => ({
    name: server,
    value: `${primary === undefined ? '' : `${Math.max(0, primary.position - position)} bytes, `}${delaySeconds.toFixed(1)} s behind`,
  }));
  const isLate = standbys.some(({delaySeconds}) => delaySeconds > LATE_SECONDS);
  return {
    name: 'replication',
    status: isLate ? 'warn' : 'ok',
    summary:
      primary === undefined
        ? 'no primary answered; lag by what each standby says'
        : `behind ${primary.server}`,
    facts,
    ...(isLate
      ? {
          advice: [
            'what is read from a late standby is old; see pg_stat_replication on the primary',
          ],
        }
      : {}),
  };
}
