/**
 * The state of a cluster as a table for people: which node is what, how far behind, how busy, and where requests go.
 *
 * Pure: what it shows is what it is given, `db.nodes()` of a program or what `pg-cluster watch` has seen.
 */
import type {ClusterNodeState} from '../api/cluster-api';
import type {NodePhase} from '../health/node-phase';
import {renderTable} from './render-table';
import type {Column} from './render-table';

export interface RenderNodesOptions {
  /** Whether phases are coloured, as terminals understand it. Default false. */
  readonly colours?: boolean;
}

const UNKNOWN = '-';
/** SGR codes: green, yellow, red, faint. */
const COLOURS: Readonly<Record<NodePhase, number>> = {
  serving: 32,
  suspect: 33,
  lagging: 33,
  ejected: 31,
  unproven: 2,
};

/** The columns that any picture of a cluster begins with. */
export const FIRST_COLUMNS: readonly Column<ClusterNodeState>[] = [
  {title: 'NODE', cell: ({name}) => name},
  {title: 'ROLE', cell: ({role}) => role},
  {title: 'PHASE', cell: ({phase}) => ({text: phase, colour: COLOURS[phase]})},
  {title: 'TIMELINE', align: 'right', cell: ({timeline}) => String(timeline ?? UNKNOWN)},
  {title: 'BEHIND', align: 'right', cell: renderLag},
];

export const LAST_COLUMNS: readonly Column<ClusterNodeState>[] = [
  {
    title: 'PROBE',
    align: 'right',
    cell: ({answerMilliseconds}) => renderMilliseconds(answerMilliseconds),
  },
  {title: 'GETS', cell: renderWork},
];

const COLUMNS: readonly Column<ClusterNodeState>[] = [
  ...FIRST_COLUMNS,
  {title: 'IN FLIGHT', align: 'right', cell: ({inFlight}) => String(inFlight)},
  {
    title: 'READS TAKE',
    align: 'right',
    cell: ({meanMilliseconds}) =>
      meanMilliseconds === 0 ? UNKNOWN : renderMilliseconds(meanMilliseconds),
  },
  ...LAST_COLUMNS,
];

/**
 * Gives a table with a line per node, and below it where writes and reads go. Ends with a line end.
 *
 *     console.log(renderNodes(db.nodes()));
 */
export function renderNodes(
  nodes: readonly ClusterNodeState[],
  {colours = false}: RenderNodesOptions = {},
): string {
  return [...renderTable(COLUMNS, nodes, colours), renderRoutes(nodes), ''].join('\n');
}

export interface Routes {
  readonly writesGoTo: string | undefined;
  readonly readsGoTo: readonly string[];
}

export function routesOf(nodes: readonly ClusterNodeState[]): Routes {
  const primary = nodes.find(({role}) => role === 'primary')?.name;
  const replicas = nodes.filter((node) => node.role !== 'primary' && serves(node.phase));
  return {writesGoTo: primary, readsGoTo: replicas.map(({name}) => name)};
}

/** One line that says it in words. */
export function renderRoutes(nodes: readonly ClusterNodeState[]): string {
  const {writesGoTo, readsGoTo} = routesOf(nodes);
  const writes =
    writesGoTo === undefined
      ? 'Writes wait: no node is known to be the primary'
      : `Writes go to ${writesGoTo}`;
  if (readsGoTo.length > 0) return `${writes}; reads go to ${readsGoTo.join(', ')}.`;
  return writesGoTo === undefined
    ? `${writes}; reads fail: no node serves.`
    : `${writes}; reads, too, because no replica serves (with noReplica 'error' they fail).`;
}

function serves(phase: NodePhase): boolean {
  return phase === 'serving' || phase === 'suspect';
}

function renderLag({role, phase, lagMilliseconds, lagBytes}: ClusterNodeState): string {
  // Of a node that does not answer, what was known of it before says nothing.
  if (role !== 'replica' || phase === 'ejected' || phase === 'unproven') return UNKNOWN;
  const time = renderMilliseconds(lagMilliseconds);
  return lagBytes === undefined ? time : `${time} / ${renderBytes(lagBytes)}`;
}

function renderWork({role, phase, reason}: ClusterNodeState): string {
  // A primary that does not answer stays the primary until another one is.
  const work = role === 'primary' ? 'writes' : serves(phase) ? 'reads' : 'nothing';
  return reason === undefined ? work : `${work}: ${reason}`;
}

export function renderMilliseconds(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return UNKNOWN;
  if (milliseconds === Number.POSITIVE_INFINITY) return 'long';
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(0)} s`;
  return `${milliseconds.toFixed(milliseconds > 0 && milliseconds < 10 ? 1 : 0)} ms`;
}

export function renderBytes(bytes: number): string {
  let amount = bytes;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (amount < 1024) return `${amount.toFixed(unit === 'B' || amount >= 10 ? 0 : 1)} ${unit}`;
    amount /= 1024;
  }
  return `${amount.toFixed(1)} TB`;
}
