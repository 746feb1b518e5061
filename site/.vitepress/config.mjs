/** How VitePress builds what site/build.mjs has prepared. */
import {fileURLToPath} from 'node:url';
import {sidebarOf} from '../pages.mjs';
import {slugOf} from '../slug.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sidebar = sidebarOf(root);

/** In the colour of the first page's name. */
const ICON = encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#3451b2"/>
<g fill="none" stroke="#fff"><ellipse cx="8" cy="4.5" rx="4.5" ry="1.75"/><path d="M3.5 4.5v7a4.5 1.75 0 0 0 9 0v-7M3.5 8a4.5 1.75 0 0 0 9 0"/></g></svg>`,
);

export default {
  lang: 'en',
  title: '@databases/pg',
  description: 'Postgres for Node, with its own wire protocol, in TypeScript.',
  // Without it, browsers ask for /favicon.ico, which is not there.
  head: [['link', {rel: 'icon', type: 'image/svg+xml', href: `data:image/svg+xml,${ICON}`}]],
  // Where it is served, when that is not the root of a host.
  base: process.env['SITE_BASE'] ?? '/',
  srcDir: '.cache/pages',
  outDir: 'dist',
  cacheDir: '.cache/vitepress',
  cleanUrls: true,
  markdown: {
    // The pages are text: `<T>` in a sentence is no element.
    html: false,
    // The same addresses for headings as where the repository is read.
    anchor: {slugify: slugOf},
  },
  themeConfig: {
    nav: [
      {text: 'Guide', link: '/guide/getting-started', activeMatch: '^/guide/'},
      {text: 'Reliability', link: '/reliability'},
      {text: 'Design', link: '/design/'},
      {text: 'Changes', link: '/changes'},
    ],
    sidebar,
    outline: [2, 3],
    search: {provider: 'local'},
    docFooter: {prev: 'Before', next: 'Next'},
  },
};
