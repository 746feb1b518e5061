/** Configuration: what is going to be tried, value by value, and who said so. */
import type {ResolvedConfig, ResolvedPoolOptions} from '../config';
import {sourceOf} from './host-context';
import type {Fact, Step} from './report';

/** Fields shown only where they were configured. */
const RARE = [
  'hostaddr',
  'options',
  'applicationName',
  'channelBinding',
  'requireAuth',
  'targetSessionAttrs',
  'loadBalanceHosts',
  'minProtocolVersion',
  'maxProtocolVersion',
] as const;

export function configurationStep(
  config: ResolvedConfig,
  {poolSize, connectionTimeoutMilliseconds}: ResolvedPoolOptions,
): Step {
  const fact = (name: string, value: string | number, field = name): Fact => ({
    name,
    value,
    source: sourceOf(config, field),
  });
  const isDefault = (field: string) => sourceOf(config, field) === 'default';
  return {
    name: 'configuration',
    status: config.warnings.length > 0 ? 'warn' : 'ok',
    summary: 'understood',
    facts: [
      fact('host', config.host.join(', ')),
      fact('port', config.port.join(', ')),
      fact('database', config.database),
      fact('user', config.user),
      // Whether there is one, never which.
      fact(
        'password',
        config.passwords.some((password) => password !== undefined) ? 'set' : 'none',
      ),
      fact('sslmode', config.ssl.mode, 'ssl'),
      ...RARE.filter((field) => !isDefault(field)).map((field) => fact(field, show(config[field]))),
      {name: 'poolSize', value: poolSize},
      {name: 'connectionTimeoutMilliseconds', value: connectionTimeoutMilliseconds},
    ],
    ...(config.warnings.length > 0 ? {advice: config.warnings} : {}),
  };
}

function show(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value ?? []).join(', ');
}
