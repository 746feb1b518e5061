/**
 * The first page of the site, made of the README, without what is for readers of the repository, and of the
 * measurements in docs/guide/performance.md. No sentence and no figure of it is written twice.
 */

/** Chosen once, before any result: one row, many rows, a transaction. */
const FIGURES = [
  ['point', 'one row by its key'],
  ['rows', 'a thousand rows of ten columns'],
  ['tx', 'a transaction of five statements'],
];

/** Runtimes and programs that are not clients for Node, and our own predecessor. */
const NOT_A_CLIENT_FOR_NODE = /^(Bun|psql|@databases)/;

/**
 * How many times as fast as the best other client for Node, by the first table of the page. Empty where the run
 * was too short to be quoted, which the page itself says.
 *
 * @throws {Error} when the page has no such table, or one of the figures is not in it
 */
export function readFigures(performancePage) {
  if (/^\*\*A short run/m.test(performancePage)) return [];
  const [head = [], , ...rows] = performancePage
    .slice(performancePage.indexOf('\nHow many times as fast'))
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const peers = head.flatMap((name, column) =>
    name !== '' && !NOT_A_CLIENT_FOR_NODE.test(name) ? [column] : [],
  );
  return FIGURES.map(([workload, label]) => {
    const row = rows.find(([name]) => name === workload);
    const ratios = peers
      .map((column) => Number.parseFloat(row?.[column] ?? ''))
      .filter(Number.isFinite);
    if (ratios.length === 0) throw new Error(`performance.md has no figures for ${workload}`);
    return {label, ratio: Math.min(...ratios)};
  });
}

/**
 * @param {string} readme of the repository
 * @returns {string} Markdown, with links as they are in the first
 */
export function frontPage(readme, performancePage) {
  const [, promise = ''] = /^# .*\n\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const figures = readFigures(performancePage);
  return `---
layout: home
title: Postgres for Node
titleTemplate: '@databases/pg'
hero:
  name: '@databases/pg'
  text: Postgres for Node
  tagline: ${JSON.stringify(sentence(promise))}
  actions:
    - {theme: brand, text: Get started, link: /guide/getting-started}
    - {theme: alt, text: The guide, link: /guide/}
    - {theme: alt, text: What you can rely on, link: /reliability}
${featuresOf(figures)}---

${section(readme, 'Quick start')}

${section(readme, 'Using it')}

${section(readme, 'What you get')}

## How fast it is

${explain(figures)}: [how it was measured, all workloads, and what the figures do not
mean](docs/guide/performance.md).

![How many times as fast as the best other client for Node it is, for each workload](docs/guide/performance.svg)

${section(readme, 'A primary and its replicas')}

${section(readme, "Where the database is somebody else's")}

${section(readme, 'Seeing what happens')}

${section(readme, 'Coming from another client')}
`;
}

/** What stands behind the colon, as a sentence, without Markdown: this is a title. */
function sentence(promise) {
  return promise
    .replace(/^[^:]*: /, '')
    .replace(/^./, (first) => first.toUpperCase())
    .replaceAll('`', '')
    .replaceAll('\n', ' ');
}

/** @throws {Error} when there is no such section */
function section(markdown, heading) {
  const [, text] =
    new RegExp(`^(## ${heading}\\n[\\s\\S]*?)(?=^## |(?![\\s\\S]))`, 'm').exec(markdown) ?? [];
  if (text === undefined) throw new Error(`README.md has no section "${heading}"`);
  return text.trim();
}

function featuresOf(figures) {
  if (figures.length === 0) return '';
  const items = figures.map(
    ({label, ratio}) => `  - {title: '${ratio.toFixed(1)}×', details: ${JSON.stringify(label)}}\n`,
  );
  return `features:\n${items.join('')}`;
}

function explain(figures) {
  return figures.length === 0
    ? 'Measured beside the other clients. The figures in the plot are of a short run, and not to be quoted'
    : 'The three figures above say how many times as fast as the best other client for Node it is';
}
