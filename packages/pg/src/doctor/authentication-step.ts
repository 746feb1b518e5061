/** Authentication: how the server asked who this is. */
import type {HostContext} from './host-context';
import type {Journey} from './journey';
import type {Passed} from './passed';

export function authenticationStep({authenticated}: Journey, {user, source}: HostContext): Passed {
  // A server that is full or starting refuses before it asks.
  if (authenticated === undefined) {
    return {step: {status: 'skipped', summary: 'the server did not ask'}, at: undefined};
  }
  const {method, channelBinding} = authenticated.value;
  const summary =
    method === 'none'
      ? `"${user}" was let in without being asked for anything (trust, or a client certificate)`
      : `"${user}" by ${method}${channelBinding ? ' with channel binding' : ''}, password from ${source('password')}`;
  return {
    step:
      method === 'password' || method === 'md5'
        ? {
            status: 'warn',
            summary,
            advice: [
              'scram-sha-256 in pg_hba.conf is safer, and needs no option where there is no TLS',
            ],
          }
        : {status: 'ok', summary},
    at: authenticated.at,
  };
}
