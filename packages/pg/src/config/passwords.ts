/**
 * The password for each host: one for all when somebody gave one, else what the password file says for each.
 */
import type {ResolvedHosts} from './hosts';
import type {PasswordFunction} from './options';
import {openPasswordFile} from './password-file';
import type {ConfigSources, Provenance, Setting} from './settings';

export interface FoundPasswords {
  readonly passwords: readonly (string | undefined)[];
  /** Of a password file: the line of the first host that has one. `undefined` where there is no password. */
  readonly from: Provenance | undefined;
}

export interface PasswordSources {
  readonly given: Setting | undefined;
  /** Where there is one, it is asked later and nothing else counts. */
  readonly ask: PasswordFunction | undefined;
  readonly passfile: Setting | undefined;
}

export function lookUpPasswords(
  {given, ask, passfile}: PasswordSources,
  target: {hosts: ResolvedHosts; user: string; database: string},
  sources: ConfigSources,
  warn: (text: string) => void,
): FoundPasswords {
  const {hosts, user, database} = target;
  if (ask !== undefined)
    return {
      passwords: Object.freeze(hosts.host.map(() => undefined)),
      from: {kind: 'option', name: 'password'},
    };
  if (given !== undefined)
    return {passwords: Object.freeze(hosts.host.map(() => given.value)), from: given.from};
  const file = openPasswordFile(passfile?.value, sources);
  if (file?.warning !== undefined) warn(file.warning);
  const found = hosts.host.map((host, index) =>
    file?.find({host, port: hosts.port[index] ?? 5432, user, database}),
  );
  const first = found.find((one) => one !== undefined);
  return {
    passwords: Object.freeze(found.map((one) => one?.password)),
    from:
      file === undefined || first === undefined
        ? undefined
        : {kind: 'passwordFile', name: file.path, line: first.line},
  };
}
