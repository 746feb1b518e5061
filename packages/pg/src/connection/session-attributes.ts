/**
 * Whether a server that let us in is of the kind that `target_session_attrs` asks for.
 *
 * Told by what the server reports of itself at the start of a session, as every Postgres since 14 does; no
 * query is needed. https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNECT-TARGET-SESSION-ATTRS
 */
import type {TargetSessionAttrs} from '../config';
import {ConnectionError} from '../errors';

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

/** @throws {ConnectionError} `PG_CONNECT_FAILED`: the next host may be the right one. */
export function expectSessionAttributes(
  wish: TargetSessionAttrs,
  reported: ReadonlyMap<string, string>,
  server: string,
): void {
  if (wish === 'any') return;
  const standby = reported.get('in_hot_standby');
  const readOnly = reported.get('default_transaction_read_only');
  if (standby === undefined || readOnly === undefined) {
    throw refused(
      `${server} does not report whether it is a standby (a pooler in between may keep it back), so target_session_attrs=${wish} cannot be honoured; leave it out`,
    );
  }
  const isStandby = standby === 'on';
  const isReadOnly = isStandby || readOnly === 'on';
  if (FITS[wish](isStandby, isReadOnly)) return;
  const kind = isStandby ? 'a standby' : isReadOnly ? 'a read-only primary' : 'a primary';
  throw refused(`${server} is ${kind} and target_session_attrs=${wish} asks for another`);
}

function refused(message: string): ConnectionError {
  return new ConnectionError(message, {code: 'PG_CONNECT_FAILED'});
}
