/**
 * Which node is the primary, from what the nodes say of themselves. Pure.
 *
 * A node that is not in recovery thinks it is the primary. After a failover two may think so; the one on the highest
 * timeline is right, because promoting makes a new timeline. Two on the same timeline, or on timelines that neither
 * contains, are a split brain that nobody here can decide.
 */
export interface NodeReport<Node> {
  readonly node: Node;
  readonly systemId: string;
  readonly timeline: number;
  readonly inRecovery: boolean;
}

export type PrimaryFinding<Node> =
  | {
      readonly kind: 'found';
      readonly primary: Node;
      readonly timeline: number;
      readonly stale: readonly Node[];
    }
  /** No node that answers takes writes, or only nodes of a timeline that has ended. */
  | {readonly kind: 'none'}
  /** Several take writes on the highest timeline. */
  | {readonly kind: 'splitBrain'; readonly primaries: readonly Node[]; readonly timeline: number};

/** @param highestTimeline The highest that was ever seen: a primary of an earlier one has been replaced. */
export function findPrimary<Node>(
  reports: readonly NodeReport<Node>[],
  highestTimeline: number,
): PrimaryFinding<Node> {
  const timeline = Math.max(highestTimeline, ...reports.map((report) => report.timeline));
  const writable = reports.filter(({inRecovery}) => !inRecovery);
  const current = writable.filter((report) => report.timeline === timeline);
  const [primary] = current;
  if (primary === undefined) return {kind: 'none'};
  if (current.length > 1) {
    return {kind: 'splitBrain', primaries: current.map(({node}) => node), timeline};
  }
  const stale = writable.filter((report) => report.timeline < timeline).map(({node}) => node);
  return {kind: 'found', primary: primary.node, timeline, stale};
}
