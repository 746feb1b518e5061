/**
 * The PG* variables of libpq 18 -> settings (docs "Environment Variables" of the libpq chapter).
 *
 * An empty variable counts as not set, as far as no security depends on it: an empty PGSSLMODE is an error later, as
 * in libpq. Does not know DATABASE_URL.
 */
import {parameters} from './parameters';
import type {Setting, Settings} from './settings';

// Set on purpose or by mistake: an empty value of these must not quietly mean "the default".
const emptyCounts: ReadonlySet<string> = new Set(['sslmode', 'channel_binding']);

/** Session settings that libpq sends in the startup message when these variables are set. */
const sessionVariables: ReadonlyMap<string, string> = new Map([
  ['PGTZ', 'timezone'],
  ['PGGEQO', 'geqo'],
  ['PGDATESTYLE', 'datestyle'],
]);

export function readEnvironment(env: Record<string, string | undefined>): Settings {
  const settings = new Map<string, Setting>();
  const add = (keyword: string, name: string, value: string | undefined): void => {
    if (value !== undefined && (value !== '' || emptyCounts.has(keyword)))
      settings.set(keyword, {value, from: {kind: 'environment', name}});
  };
  for (const {keyword, environmentVariable: name} of parameters)
    if (name !== undefined) add(keyword, name, env[name]);
  for (const [name, keyword] of sessionVariables) add(keyword, name, env[name]);
  // conninfo_add_defaults() of libpq: the variable of before 7.4 counts where PGSSLMODE is not set.
  if (!settings.has('sslmode') && env['PGREQUIRESSL']?.startsWith('1') === true)
    add('sslmode', 'PGREQUIRESSL', 'require');
  return settings;
}
