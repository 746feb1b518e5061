/**
 * The password for each host: one for all when somebody gave one, else what the password file says for each.
 */
import type {ResolvedHosts} from './hosts';
import {openPasswordFile} from './password-file';
import type {ConfigSources, Provenance, Setting} from './settings';

export interface FoundPasswords {
  readonly passwords: readonly (string | undefined)[];
  /** Set when they come from the password file. */
  readonly from: Provenance | undefined;
}

export function lookUpPasswords(
  password: Setting | undefined,
  passfile: Setting | undefined,
  target: {hosts: ResolvedHosts; user: string; database: string},
  sources: ConfigSources,
  warn: (text: string) => void,
): FoundPasswords {
  const {hosts, user, database} = target;
  const given = password?.value;
  if (given !== undefined)
    return {passwords: Object.freeze(hosts.host.map(() => given)), from: undefined};
  const file = openPasswordFile(passfile?.value, sources);
  if (file?.warning !== undefined) warn(file.warning);
  const passwords = hosts.host.map((host, index) =>
    file?.find({host, port: hosts.port[index] ?? 5432, user, database}),
  );
  const found = file !== undefined && passwords.some((one) => one !== undefined);
  return {
    passwords: Object.freeze(passwords),
    from: found ? {kind: 'passwordFile', name: file.path} : undefined,
  };
}
