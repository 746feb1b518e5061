/**
 * The page: one document with its style and script, and nothing else to load. Made once.
 *
 * No data is written into it, so there is nothing to escape here; the script shows data as text only (page-script.ts).
 */
import {createHash} from 'node:crypto';
import {SCRIPT} from './page-script';
import {STYLE} from './page-style';

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>pool</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1 id="name">pool</h1><span id="server"></span>
<span id="state" role="status">connecting</span><button id="pause" type="button" aria-pressed="false">Pause</button>
</header>
<main>
<dl id="figures"></dl>
<section><h2>Connections</h2><table id="lanes"></table></section>
<section><h2>Waiting</h2><table id="waiters"></table></section>
<section><h2>Failures</h2><table id="failures"></table></section>
<section><h2>Statements that took most time</h2><table id="statements"></table></section>
</main>
<noscript>This page needs its script; the data is in stats.json.</noscript>
<script>${SCRIPT}</script>
</body>
</html>
`;

/** Only this script, this style, and data from where the page came from. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src '${hashOf(SCRIPT)}'`,
  `style-src '${hashOf(STYLE)}'`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
