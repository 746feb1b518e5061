/**
 * A process of its own: loads one module, prints how long that took (a Loading as JSON) and ends.
 *
 *     node load.js <module>
 *
 * Imports nothing itself: what it has loaded already, the module would have for nothing.
 */
function report(startedAt: bigint, cpuBefore: NodeJS.CpuUsage): void {
  const wallMilliseconds = Number(process.hrtime.bigint() - startedAt) / 1e6;
  const {user, system} = process.cpuUsage(cpuBefore);
  console.log(JSON.stringify({wallMilliseconds, cpuMilliseconds: (user + system) / 1000}));
}

async function load(module: string): Promise<void> {
  const cpuBefore = process.cpuUsage();
  const startedAt = process.hrtime.bigint();
  try {
    require(module);
  } catch (error) {
    if (!isEsModule(error)) throw error;
    const importCpuBefore = process.cpuUsage();
    const importStartedAt = process.hrtime.bigint();
    await import(module);
    report(importStartedAt, importCpuBefore);
    return;
  }
  report(startedAt, cpuBefore);
}

/** How Node 20 refuses to `require` one. */
function isEsModule(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_REQUIRE_ESM';
}

load(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
