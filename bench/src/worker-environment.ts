/** The environment of a worker. Pure. */

/** Holds the PEM of the server's authority, where it has one: too long for an argument. */
export const authorityVariable = 'BENCH_CERTIFICATE_AUTHORITY';

/** Without what would send a peer elsewhere, or make Node itself slower for all. */
export function workerEnvironment(
  inherited: Readonly<NodeJS.ProcessEnv>,
  certificateAuthority: string | undefined,
): NodeJS.ProcessEnv {
  const entries = Object.entries(inherited).filter(
    ([name]) => !/^(?:PG|DATABASE_URL|NODE_OPTIONS|NODE_PG_)/.test(name),
  );
  return {
    ...Object.fromEntries(entries),
    ...(certificateAuthority !== undefined && {[authorityVariable]: certificateAuthority}),
  };
}
