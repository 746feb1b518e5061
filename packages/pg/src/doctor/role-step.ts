/** Role: which Postgres it is, primary or standby, and whether that is what target_session_attrs asks for. */
import type {TargetSessionAttrs} from '../config';
import {unfitFor, wishesOf} from '../connection';
import type {Fact, Step} from './report';

export interface RoleQuestion {
  /** What the server reported of itself at the start. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly server: string;
  readonly target: TargetSessionAttrs;
  /** With others a host of the wrong role is passed over; alone it is the end. */
  readonly hostCount: number;
}

export function roleStep({parameters, server, target, hostCount}: RoleQuestion): Step {
  const version = parameters.get('server_version') ?? 'of unknown version';
  const isStandby = parameters.get('in_hot_standby') === 'on';
  const isReadOnly = isStandby || parameters.get('default_transaction_read_only') === 'on';
  const role = `${isStandby ? 'standby' : 'primary'}${isReadOnly ? ', read-only' : ''}`;
  const facts: Fact[] = [
    {name: 'version', value: version},
    {name: 'role', value: role},
  ];
  const refusal = refusalOf(wishesOf(target), parameters, server);
  if (refusal === undefined) {
    return {name: 'role', status: 'ok', summary: `Postgres ${version}, ${role}`, facts};
  }
  return {
    name: 'role',
    status: 'fail',
    summary: refusal,
    facts,
    advice: [
      hostCount > 1
        ? `it is passed over while target_session_attrs=${target}; one of the other hosts has to fit`
        : isReadOnly && (target === 'read-write' || target === 'primary')
          ? 'connect to the primary, or list all the servers as hosts (postgres://a,b/db) so that the one that fits is found; after a failover the primary is another'
          : 'leave target_session_attrs out, or list the other servers as hosts too',
    ],
  };
}

function refusalOf(
  wishes: readonly TargetSessionAttrs[],
  parameters: ReadonlyMap<string, string>,
  server: string,
): string | undefined {
  const refusals = wishes.map((wish) => unfitFor(wish, parameters, server)?.message);
  return refusals.includes(undefined) ? undefined : refusals.at(-1);
}
