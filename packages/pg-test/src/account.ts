/**
 * Whom the server runs as. Postgres refuses to run as root (main.c, check_root), so a root caller
 * drops to an unprivileged account of the machine; everyone else runs it as themselves. It creates
 * no account.
 */
import {readFileSync} from 'node:fs';
import {PgTestError} from './error';

/** `undefined`: the caller's own account. */
export type Account = {uid: number; gid: number} | undefined;

const CANDIDATES = ['postgres', 'nobody'];

/** Finds the account in the text of /etc/passwd; `postgres` wins over `nobody`. */
export function findAccount(passwd: string): Account {
  const entries = passwd.split('\n').map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const entry = entries.find(([login]) => login === name);
    const uid = Number(entry?.[2]);
    const gid = Number(entry?.[3]);
    if (entry && Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0) return {uid, gid};
  }
  return undefined;
}

/** Throws `PG_TEST_NO_ACCOUNT` for root on a machine with neither account. */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return undefined;
  const account = findAccount(readFileSync('/etc/passwd', 'utf8'));
  if (account) return account;
  throw new PgTestError(
    'PG_TEST_NO_ACCOUNT',
    'Postgres does not run as root, and this machine has neither an account "postgres" nor "nobody" to drop to. ' +
      'Create one (for example: useradd --system postgres) or run as another user.',
  );
}
