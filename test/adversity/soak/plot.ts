/**
 * What a soak did, over time, as SVG text: operations and errors a second, RSS, and the heap at the checkpoints.
 * Pure. The colours follow the reader's preference for light or dark.
 */
import type {Checkpoint, Sample} from './record';

export interface SoakPlot {
  readonly title: string;
  readonly notes: readonly string[];
  readonly samples: readonly Sample[];
  readonly checkpoints: readonly Checkpoint[];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const WIDTH = 880;
const MARGIN = 70;
const PANEL_HEIGHT = 120;
const PANEL_GAP = 46;
/** More points than this are averaged: nobody sees them. */
const MOST_POINTS = 400;
const MEBIBYTE = 1024 * 1024;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .note { fill: #59636e; }
  .axis { stroke: #d1d9e0; }
  polyline { fill: none; stroke: #0969da; stroke-width: 1.5; }
  .errors { stroke: #bc4c00; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; } .note { fill: #9198a1; } .axis { stroke: #3d444d; }
    polyline { stroke: #4493f8; } .errors { stroke: #f0883e; }
  }`;

export function plotSoak({title, notes, samples, checkpoints}: SoakPlot): string {
  const perSecond = (count: (sample: Sample) => number): Point[] =>
    samples.map((sample, index) => {
      const since = samples[index - 1]?.atMilliseconds ?? 0;
      const seconds = Math.max(0.001, (sample.atMilliseconds - since) / 1000);
      return {x: sample.atMilliseconds, y: count(sample) / seconds};
    });
  const panels = [
    {label: 'operations/s', kind: '', points: perSecond(({operations}) => operations)},
    {label: 'errors/s', kind: 'errors', points: perSecond(({errors}) => errors)},
    {
      label: 'RSS, MiB',
      kind: '',
      points: samples.map(({atMilliseconds: x, rssBytes}) => ({x, y: rssBytes / MEBIBYTE})),
    },
    {
      label: 'heap at checkpoints, MiB',
      kind: '',
      points: checkpoints.map(({atMilliseconds: x, heapBytes}) => ({x, y: heapBytes / MEBIBYTE})),
    },
  ];
  const last = Math.max(1, ...panels.flatMap(({points}) => points.map(({x}) => x)));
  const top = 40 + 18 * notes.length;
  const height = top + panels.length * (PANEL_HEIGHT + PANEL_GAP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    `<style>${STYLE}\n</style>`,
    text(16, 24, 'title', title),
    ...notes.map((note, index) => text(16, 44 + 18 * index, 'note', note)),
    ...panels.flatMap(({label, kind, points}, index) =>
      panel(label, kind, averaged(points), top + index * (PANEL_HEIGHT + PANEL_GAP) + 24, last),
    ),
    '</svg>',
    '',
  ].join('\n');
}

function panel(label: string, kind: string, points: readonly Point[], top: number, last: number) {
  const most = Math.max(1, ...points.map(({y}) => y));
  const bottom = top + PANEL_HEIGHT;
  const place = ({x, y}: Point): string =>
    `${round(MARGIN + (x / last) * (WIDTH - MARGIN - 16))},${round(bottom - (y / most) * PANEL_HEIGHT)}`;
  return [
    text(MARGIN, top - 8, '', label),
    `<line class="axis" x1="${MARGIN}" y1="${bottom}" x2="${WIDTH - 16}" y2="${bottom}"/>`,
    `<line class="axis" x1="${MARGIN}" y1="${top}" x2="${WIDTH - 16}" y2="${top}"/>`,
    text(16, top + 10, 'note', String(Math.round(most))),
    text(16, bottom, 'note', '0'),
    text(WIDTH - 60, bottom + 16, 'note', `${Math.round(last / 1000)} s`),
    `<polyline class="${kind}" points="${points.map(place).join(' ')}"/>`,
  ];
}

function averaged(points: readonly Point[]): Point[] {
  const size = Math.ceil(points.length / MOST_POINTS);
  if (size <= 1) return [...points];
  const groups = Array.from({length: Math.ceil(points.length / size)}, (_, index) =>
    points.slice(index * size, (index + 1) * size),
  );
  return groups.map((group) => ({x: mean(group, ({x}) => x), y: mean(group, ({y}) => y)}));
}

function mean(points: readonly Point[], value: (point: Point) => number): number {
  return points.reduce((sum, point) => sum + value(point), 0) / points.length;
}

function text(x: number, y: number, kind: string, content: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${kind}" x="${x}" y="${y}">${escaped}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
