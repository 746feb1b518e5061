/**
 * What a configuration says of connecting, read once for all pools that are made of it: scripts and tests make one pool
 * after the other, and pool-engine.ts gives them the same configuration as long as nothing has changed.
 *
 * It opens nothing and changes nothing. Invariant: two pools share it only where both their configuration and their
 * options are the same objects, which nobody changes.
 */
import type {ResolvedConfig, ResolvedPoolOptions} from '../config';
import {startupParameters} from './handshake/startup-parameters';
import type {Host} from './hosts/hosts';
import {listedHost} from './hosts/listed-host';
import type {TlsPlan} from './transport';
import {tlsPlans} from './transport/tls-plan';

export interface ConnectPlan {
  /** In the order of the configuration. */
  readonly hosts: readonly Host[];
  readonly tlsPlans: readonly TlsPlan[];
  readonly startupParameters: readonly (readonly [string, string])[];
}

interface Known {
  readonly options: object;
  readonly plan: ConnectPlan;
}

/** The last one of each configuration. */
const known = new WeakMap<ResolvedConfig, Known>();

export function connectPlan(
  config: ResolvedConfig,
  options: ResolvedPoolOptions<never>,
): ConnectPlan {
  const last = known.get(config);
  if (last?.options === options) return last.plan;
  const plan = {
    hosts: config.host.map((_, index) => listedHost(config, index, options)),
    tlsPlans: tlsPlans(config.ssl),
    startupParameters: startupParameters(config, options),
  };
  known.set(config, {options, plan});
  return plan;
}
