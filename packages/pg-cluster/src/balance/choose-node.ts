/**
 * Which of several nodes gets a read: the better of two that chance picks (power of two choices), by how much it has to
 * do and how fast it is. Chance keeps many processes from all choosing the same node at once.
 *
 * A node that has just begun to serve has cold caches, so it counts as busier than it is for a while.
 */
export interface BalancedNode {
  /** Requests that were sent or wait for a connection. */
  readonly inFlight: number;
  /** How long its reads take, as a moving average. 0: none was measured. */
  readonly meanMilliseconds: number;
  /** When that was last measured, by the clock of `now`. */
  readonly measuredAt: number;
  /** How many reads were sent since one was last answered, and when the first of them was, by the clock of `now`. */
  readonly unanswered: number;
  readonly unansweredSince: number;
  /** When it began to serve, by the clock of `now`. */
  readonly servingSince: number;
}

/** For so long after its admission a node gets less than its share. */
export const SLOW_START_MILLISECONDS = 5000;
const COLD_FACTOR = 4;
/** A measurement counts half after so long: a node that was slow once is tried again. */
const HALF_LIFE_MILLISECONDS = 5000;
/** A node that is frozen is left out by its monitor by then; one that only has slow statements to run is asked again. */
const SILENCE_COUNTS_MILLISECONDS = 1000;
/** Nodes that differ by less are alike: chance spreads the reads over them. */
const CLEARLY_BETTER = 1.5;

/** Undefined where there is none to choose from. */
export function chooseNode<Node extends BalancedNode>(
  nodes: readonly Node[],
  now: number,
  random: () => number,
): Node | undefined {
  if (nodes.length < 2) return nodes[0];
  const first = Math.floor(random() * nodes.length);
  const other = (first + 1 + Math.floor(random() * (nodes.length - 1))) % nodes.length;
  const [one, two] = [nodes[first], nodes[other]];
  if (one === undefined || two === undefined) return one ?? two;
  return expectedWait(two, now, nodes) * CLEARLY_BETTER < expectedWait(one, now, nodes) ? two : one;
}

function expectedWait(node: BalancedNode, now: number, all: readonly BalancedNode[]): number {
  // One that was never measured is taken for as fast as the fastest, so that it is tried.
  const least = fastest(all);
  const faded = node.meanMilliseconds * 2 ** ((node.measuredAt - now) / HALF_LIFE_MILLISECONDS);
  const mean = Math.max(faded, silence(node, now), least);
  return (node.inFlight + 1) * mean * coldness(now - node.servingSince);
}

/**
 * For how long a node has answered none of several reads, though it was asked: the mean knows only of those that were
 * answered, and of a node that has just stopped it says the best. One read alone may simply take long.
 */
function silence({unanswered, unansweredSince}: BalancedNode, now: number): number {
  if (unanswered < 2) return 0;
  const milliseconds = now - unansweredSince;
  return milliseconds < SILENCE_COUNTS_MILLISECONDS ? milliseconds : 0;
}

function fastest(nodes: readonly BalancedNode[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const {meanMilliseconds} of nodes) {
    if (meanMilliseconds > 0 && meanMilliseconds < least) least = meanMilliseconds;
  }
  return least === Number.POSITIVE_INFINITY ? 1 : least;
}

function coldness(servingMilliseconds: number): number {
  if (servingMilliseconds >= SLOW_START_MILLISECONDS) return 1;
  const warmth = Math.max(0, servingMilliseconds) / SLOW_START_MILLISECONDS;
  return COLD_FACTOR - (COLD_FACTOR - 1) * warmth;
}

/** The moving average after one more measurement. A slower one counts more than a faster: trouble should be seen. */
export function meanAfter(mean: number, milliseconds: number): number {
  if (mean === 0) return milliseconds;
  return mean + (milliseconds - mean) * (milliseconds > mean ? 0.3 : 0.1);
}
