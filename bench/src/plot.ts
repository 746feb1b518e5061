/**
 * Horizontal bars of ratios on a logarithmic scale, as SVG text. Pure.
 *
 * A bar goes to the right of the line at 1 where ours was better and to the left where it was not, as far for
 * twice as for half. What is beyond the scale is cut and says so; the figure beside a bar is always the true
 * one. The colours follow the reader's preference for light or dark, also where the file is shown as an image.
 */
export interface Plot {
  readonly title: string;
  /** Lines under the title. */
  readonly notes: readonly string[];
  readonly groups: readonly PlotGroup[];
}

export interface PlotGroup {
  readonly label: string;
  /** Smaller, under the label. Empty: none. */
  readonly remark: string;
  readonly bars: readonly Bar[];
}

export interface Bar {
  /** Above 0; above 1 where ours is better. */
  readonly ratio: number;
  readonly label: string;
  /** Of the colour: 0, 1 or 2. */
  readonly series: number;
}

const width = 880;
const margin = 16;
const labelWidth = 150;
/** Room for the figure and the name beside the longest bar. */
const figureWidth = 260;
const barHeight = 11;
const barGap = 3;
const groupGap = 14;
const remarkHeight = 26;
const lineHeight = 18;
const ticks = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32];

const style = `
  text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; }
  .note, .remark, .tick { fill: #59636e; }
  .remark { font-size: 10px; }
  .figure { font-size: 11px; }
  .group { font-weight: 600; }
  .grid { stroke: #d1d9e0; }
  .even { stroke: #1f2328; stroke-width: 1.5; }
  .series-0 { fill: #0969da; }
  .series-1 { fill: #bc4c00; }
  .series-2 { fill: #768390; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .note, .remark, .tick { fill: #9198a1; }
    .grid { stroke: #3d444d; }
    .even { stroke: #f0f6fc; }
    .series-0 { fill: #4493f8; }
    .series-1 { fill: #f0883e; }
    .series-2 { fill: #8b949e; }
  }`;

export function plotSvg({title, notes, groups}: Plot): string {
  const scale = scaleOf(groups.flatMap(({bars}) => bars.map(({ratio}) => ratio)));
  const top = margin + lineHeight * (notes.length + 1) + lineHeight + 8;
  const parts: string[] = [];
  let y = top;
  for (const group of groups) {
    parts.push(...groupParts(group, y, scale));
    y += groupHeight(group) + groupGap;
  }
  const bottom = y - groupGap / 2;
  const height = bottom + margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${escape(title)}</title>`,
    `<style>${style}\n</style>`,
    text(margin, margin + 12, 'title', title),
    ...notes.map((note, index) =>
      text(margin, margin + 12 + lineHeight * (index + 1), 'note', note),
    ),
    ...scale.ticks.flatMap((tick) => gridParts(tick, scale, top, bottom)),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

interface Scale {
  readonly ticks: readonly number[];
  readonly least: number;
  readonly most: number;
  x(ratio: number): number;
}

/** From the tick below the least ratio to the one above the greatest, with 1 inside, within the known ticks. */
function scaleOf(values: readonly number[]): Scale {
  const least = ticks.findLast((tick) => values.every((ratio) => ratio >= tick)) ?? 1 / 8;
  const most = ticks.find((tick) => values.every((ratio) => ratio <= tick)) ?? 32;
  const [from, until] = [Math.min(least, 1 / 2), Math.max(most, 2)];
  const left = margin + labelWidth;
  const perDoubling = (width - left - figureWidth - margin) / Math.log2(until / from);
  return {
    ticks: ticks.filter((tick) => tick >= from && tick <= until),
    least: from,
    most: until,
    x: (ratio) => left + Math.log2(ratio / from) * perDoubling,
  };
}

function groupHeight({bars, remark}: PlotGroup): number {
  const barsHeight = bars.length * (barHeight + barGap) - barGap;
  return Math.max(barsHeight, remark === '' ? barHeight : remarkHeight);
}

function groupParts(group: PlotGroup, top: number, scale: Scale): string[] {
  const parts = [text(margin, top + 10, 'group', group.label)];
  if (group.remark !== '') parts.push(text(margin, top + 23, 'remark', group.remark));
  for (const [index, bar] of group.bars.entries()) {
    parts.push(...barParts(bar, top + index * (barHeight + barGap), scale));
  }
  return parts;
}

function barParts({ratio, label, series}: Bar, y: number, scale: Scale): string[] {
  const end = scale.x(Math.min(Math.max(ratio, scale.least), scale.most));
  const even = scale.x(1);
  const from = Math.min(even, end);
  const length = Math.max(1, Math.abs(end - even));
  const cut = ratio < scale.least || ratio > scale.most ? ' (bar cut)' : '';
  return [
    `<rect class="series-${series}" x="${round(from)}" y="${y}" width="${round(length)}" height="${barHeight}"/>`,
    text(Math.max(even, end) + 6, y + 9.5, 'figure', `${formatRatio(ratio)} × ${label}${cut}`),
  ];
}

function gridParts(tick: number, scale: Scale, top: number, bottom: number): string[] {
  const x = round(scale.x(tick));
  const kind = tick === 1 ? 'even' : 'grid';
  const label = tick < 1 ? `1/${1 / tick}` : String(tick);
  return [
    `<line class="${kind}" x1="${x}" y1="${top - 6}" x2="${x}" y2="${bottom}"/>`,
    `<text class="tick" x="${x}" y="${top - 10}" text-anchor="middle">${label}</text>`,
  ];
}

function formatRatio(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2);
}

function text(x: number, y: number, kind: string, content: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}">${escape(content)}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
