/** A picture as text for people, and as JSON for programs. Pure. */
import {
  FIRST_COLUMNS,
  LAST_COLUMNS,
  renderBytes,
  renderMilliseconds,
  renderRoutes,
  routesOf,
} from '../rendering/render-nodes';
import {paint, printable, renderTable} from '../rendering/render-table';
import type {Column} from '../rendering/render-table';
import type {Happened, Picture, Standby, WatchedNode} from './picture';

const UNKNOWN = '-';
const FAINT = 2;

const NODE_COLUMNS: readonly Column<WatchedNode>[] = [
  ...FIRST_COLUMNS,
  {title: 'CLIENTS', align: 'right', cell: ({clients}) => String(clients ?? UNKNOWN)},
  {title: 'ACTIVE', align: 'right', cell: ({activeClients}) => String(activeClients ?? UNKNOWN)},
  ...LAST_COLUMNS,
];

const STANDBY_COLUMNS: readonly Column<Standby>[] = [
  {title: 'STANDBY OF THE PRIMARY', cell: ({name}) => name},
  {title: 'FROM', cell: ({address}) => address ?? UNKNOWN},
  {title: 'STATE', cell: ({state}) => state ?? UNKNOWN},
  {title: 'SYNC', cell: ({sync}) => sync ?? UNKNOWN},
  {
    title: 'BEHIND',
    align: 'right',
    cell: ({behindMilliseconds: time, behindBytes: bytes}) =>
      bytes === null ? UNKNOWN : `${renderMilliseconds(time ?? 0)} / ${renderBytes(bytes)}`,
  },
];

/** @param columns The width of the terminal, where lines are to end. */
export function renderPicture(
  {at, nodes, standbys, events}: Picture,
  {colours, columns}: {readonly colours: boolean; readonly columns?: number | undefined},
): string[] {
  const lines = [
    ...renderTable(NODE_COLUMNS, nodes, colours),
    '',
    `${clock(at)}  ${printable(renderRoutes(nodes))}`,
  ];
  if (standbys.length > 0) lines.push('', ...renderTable(STANDBY_COLUMNS, standbys, colours));
  if (events.length > 0) lines.push('', ...events.map((event) => renderEvent(event, colours)));
  return columns === undefined ? lines : lines.map((line) => cut(line, columns));
}

export function renderEvent({at, text}: Happened, colours: boolean): string {
  return `${paint(clock(at), FAINT, colours)}  ${printable(text)}`;
}

/** One line. What is not known is null; so is a lag that is longer than can be told. */
export function renderPictureJson(picture: Picture): string {
  const {at, nodes, standbys, events} = picture;
  const {writesGoTo = null, readsGoTo} = routesOf(nodes);
  return JSON.stringify({at, writesGoTo, readsGoTo, nodes, standbys, events}, unknownAsNull);
}

function unknownAsNull(_: string, value: unknown): unknown {
  return value === undefined ? null : value;
}

function clock(at: Date): string {
  return at.toTimeString().slice(0, 8);
}

/** Escape sequences take no room on the screen. */
function cut(line: string, columns: number): string {
  // oxlint-disable-next-line no-control-regex
  const parts = line.split(/(\u001B\[\d*m)/);
  let left = columns;
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const shown = part.slice(0, left);
      left -= shown.length;
      return shown;
    })
    .join('');
}
