/**
 * Turns a Markdown file of the repository, which is written to be read as it is, into what VitePress makes the
 * same page of: links lead to pages, code blocks show their files, TypeScript and JavaScript are tabs.
 *
 * Pure text to text. What another link or block means is decided here alone; nothing of it is in the pages.
 */
import {posix} from 'node:path';
import {addressOfImage} from './pages.mjs';

const FENCE = /^( {0,3})(`{3,}|~{3,})(.*)$/;

/**
 * @param {string} markdown
 * @param {{path: string, pages: ReadonlyMap<string, string>, repository?: string}} place `path` is the file's,
 *   `pages` the address of each file that is a page, `repository` the URL under which the other files are; without
 *   it, their names stay and the links go
 */
export function toSite(markdown, place) {
  return linkPages(groupLanguages(nameBlocks(splitBlocks(markdown))), place)
    .map(({text}) => text)
    .join('\n');
}

/** What a reader sees as the name of a block, by its info string. */
export function nameOf(info) {
  const [language = '', ...words] = info.trim().split(/\s+/);
  const file = words.find((word) => word.startsWith('file='))?.slice('file='.length);
  if (words.includes('output')) return {language, title: 'prints'};
  return {language, title: file};
}

/** The lines of a page in order, code blocks and what is between them apart. */
function splitBlocks(markdown) {
  const parts = [];
  let prose = [];
  let open;
  const endProse = () => {
    if (prose.length > 0) parts.push({kind: 'prose', text: prose.join('\n')});
    prose = [];
  };
  for (const line of markdown.split('\n')) {
    const [, , fence, info = ''] = FENCE.exec(line) ?? [];
    if (open === undefined) {
      if (fence === undefined) prose.push(line);
      else {
        endProse();
        open = {kind: 'code', fence, info, lines: [line]};
      }
      continue;
    }
    open.lines.push(line);
    if (fence?.startsWith(open.fence) && info.trim() === '') {
      parts.push({kind: 'code', info: open.info, lines: open.lines});
      open = undefined;
    }
  }
  endProse();
  return parts;
}

function nameBlocks(parts) {
  return parts.map((part) => {
    if (part.kind === 'prose') return part;
    const {language, title} = nameOf(part.info);
    const [first = '', ...rest] = part.lines;
    const fence = /^ *[`~]+/.exec(first)?.[0] ?? '```';
    const opening = `${fence}${language}${title === undefined ? '' : ` [${title}]`}`;
    const code = [opening, ...rest].join('\n');
    return {kind: 'code', title, code, text: title === undefined ? code : group([code])};
  });
}

function group(blocks) {
  return `::: code-group\n${blocks.join('\n')}\n:::`;
}

/** `**TypeScript**`, code, `**JavaScript**`, code, as the pages write it, becomes two tabs. */
function groupLanguages(parts) {
  const result = [];
  for (let index = 0; index < parts.length; index++) {
    const pair = languagePair(parts, index);
    if (pair === undefined) {
      result.push(parts[index]);
      continue;
    }
    const {before, typescript, javascript, next} = pair;
    result.push({kind: 'prose', text: before});
    const tabs = group([typescript[0].code, javascript[0].code]);
    result.push({
      kind: 'code',
      text: [tabs, ...typescript.slice(1).map(({text}) => text)].join('\n\n'),
    });
    index = next - 1;
  }
  return result;
}

function printedBy({blocks}) {
  return blocks
    .slice(1)
    .map(({code}) => code)
    .join('\n');
}

/** A pair is one only if both programs print the same: otherwise the tabs would hide which prints what. */
function languagePair(parts, start) {
  const prose = parts[start];
  if (prose.kind !== 'prose' || !/(?:^|\n)\*\*TypeScript\*\*\n$/.test(prose.text)) return undefined;
  const typescript = codeFrom(parts, start + 1);
  const between = parts[typescript.next];
  if (between?.kind !== 'prose' || between.text.trim() !== '**JavaScript**') return undefined;
  const javascript = codeFrom(parts, typescript.next + 1);
  if (typescript.blocks.length === 0 || printedBy(typescript) !== printedBy(javascript))
    return undefined;
  return {
    before: prose.text.replace(/\*\*TypeScript\*\*\n$/, ''),
    typescript: typescript.blocks,
    javascript: javascript.blocks,
    next: javascript.next,
  };
}

/** A program and what it prints: code blocks with nothing but empty lines between them. */
function codeFrom(parts, start) {
  const blocks = [];
  let next = start;
  while (parts[next]?.kind === 'code' && (blocks.length === 0 || parts[next].title === 'prints')) {
    blocks.push(parts[next++]);
    const isGap = parts[next]?.kind === 'prose' && parts[next].text.trim() === '';
    if (isGap && parts[next + 1]?.title === 'prints') next++;
  }
  return {blocks, next};
}

function linkPages(parts, place) {
  return parts.map((part) =>
    part.kind === 'code'
      ? part
      : {
          ...part,
          // VitePress would evaluate what stands in double braces.
          text: part.text
            .replace(/<!--[\s\S]*?-->\n?/g, '')
            .replaceAll('{{', '&#123;&#123;')
            .replace(
              /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g,
              (link, image, text, target) => relink({link, image, text, target}, place),
            ),
        },
  );
}

function relink({link, image, text, target}, {path, pages, repository}) {
  if (/^[a-z]+:|^#/.test(target)) return link;
  const [file = '', anchor] = target.split('#', 2);
  const named = posix.join(posix.dirname(path), file).replace(/\/$/, '');
  const wanted = pages.has(named) ? named : `${named}/README.md`;
  const address = image === '!' ? addressOfImage(named) : pages.get(wanted);
  if (address !== undefined) {
    const from = posix.dirname(pages.get(path) ?? 'index.md');
    const relative = posix.relative(from, address);
    return `${image}[${text}](./${relative}${anchor === undefined ? '' : `#${anchor}`})`;
  }
  return repository === undefined ? text : `[${text}](${repository}/${named})`;
}
