/**
 * Whether a server that let us in is of the kind that `target_session_attrs` asks for.
 *
 * Told by what the server reports of itself at the start of a session, as every Postgres since 14 does; a query is
 * needed only where a pooler keeps that back (session-question.ts). https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS
 */
import type {TargetSessionAttrs} from '../../config';
import {ConnectionError} from '../../errors';

const FITS: Record<TargetSessionAttrs, (isStandby: boolean, isReadOnly: boolean) => boolean> = {
  any: () => true,
  'read-write': (_, isReadOnly) => !isReadOnly,
  'read-only': (_, isReadOnly) => isReadOnly,
  primary: (isStandby) => !isStandby,
  standby: (isStandby) => isStandby,
  'prefer-standby': (isStandby) => isStandby,
};

/** What to ask of each host, in turn: `prefer-standby` goes round a second time without a wish. */
export function wishesOf(target: TargetSessionAttrs): readonly TargetSessionAttrs[] {
  return target === 'prefer-standby' ? ['standby', 'any'] : [target];
}

/** Whether the server reports what decides about the wish. A pooler may keep it back. */
export function reportsAttributes(reported: ReadonlyMap<string, string>): boolean {
  return reported.has('in_hot_standby') && reported.has('default_transaction_read_only');
}

/** Why the server is not what is asked for; the next host may be. */
export function unfitFor(
  wish: TargetSessionAttrs,
  reported: ReadonlyMap<string, string>,
  server: string,
): ConnectionError | undefined {
  if (wish === 'any') return undefined;
  const standby = reported.get('in_hot_standby');
  const readOnly = reported.get('default_transaction_read_only');
  if (standby === undefined || readOnly === undefined) {
    return refused(
      `${server} does not say whether it is a standby, so target_session_attrs=${wish} cannot be honoured; leave it out`,
    );
  }
  const isStandby = standby === 'on';
  const isReadOnly = isStandby || readOnly === 'on';
  if (FITS[wish](isStandby, isReadOnly)) return undefined;
  const kind = isStandby ? 'a standby' : isReadOnly ? 'a read-only primary' : 'a primary';
  return refused(`${server} is ${kind} and target_session_attrs=${wish} asks for another`);
}

function refused(message: string): ConnectionError {
  return new ConnectionError(message, {code: 'PG_CONNECT_FAILED'});
}
