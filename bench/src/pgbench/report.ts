/** What pgbench prints at its end. Pure. */

/** @throws Error where something failed or it said nothing of it. */
export function readReport(report: string): {transactions: number; perSecond: number} {
  const transactions = Number(/transactions actually processed: (\d+)/.exec(report)?.[1]);
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(report)?.[1]);
  const failed = Number(/failed transactions: (\d+)/.exec(report)?.[1] ?? 0);
  if (!(transactions > 0 && perSecond > 0) || failed > 0) throw new Error(`pgbench said ${report}`);
  return {transactions, perSecond};
}
