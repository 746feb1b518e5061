/** How VitePress builds what site/build.mjs has prepared. */
import {fileURLToPath} from 'node:url';
import {sidebarOf} from '../pages.mjs';
import {slugOf} from '../slug.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sidebar = sidebarOf(root);

export default {
  lang: 'en',
  title: '@databases/pg',
  description: 'Postgres for Node, with its own wire protocol, in TypeScript.',
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
