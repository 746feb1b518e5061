/**
 * Finds what a TypeScript or JavaScript file imports: its job is the specifiers, their lines, and whether an
 * import is gone after compiling (`import type`, `import('x').T`).
 *
 * It reads text, not a syntax tree: statements start at the beginning of a line, as the formatter writes them.
 * Calls (`import('x')`, `require('x')`, `process.getBuiltinModule('x')`) are found anywhere but in a comment. A
 * specifier that is computed cannot be known and is not reported.
 */

const CLAUSE = String.raw`(?:[\w$]+|\*\s+as\s+[\w$]+|\{[^}]*\})`;
const FROM = String.raw`\s*from\s*['"]([^'"\n]+)['"]`;
const STATEMENTS = [
  // import a, {b} from 'x'
  new RegExp(
    String.raw`^import\s+(type\s+(?!from\b))?(${CLAUSE}(?:\s*,\s*${CLAUSE})?)${FROM}`,
    'gm',
  ),
  // export {a} from 'x', export * from 'x'
  new RegExp(String.raw`^export\s+(type\s+)?(\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})${FROM}`, 'gm'),
  // import 'x'
  /^import\s*()()['"]([^'"\n]+)['"]/gm,
  // import a = require('x')
  /^(?:export\s+)?import\s+(type\s+)?([\w$]+)\s*=\s*require\(\s*['"]([^'"\n]+)['"]\s*\)/gm,
];
const CALL = /\b(?:import|require|getBuiltinModule)\(\s*['"]([^'"\n]+)['"]\s*,?\s*\)(\.[A-Z])?/g;
const IN_COMMENT = /^\s*(?:\*|\/\*|\/\/)|(?:^|[\s;{}()])\/\/(?:\s|$)/;

/** `{type A, type B}` leaves nothing behind; `{}` and `{type A, b}` do. */
function namesOnlyTypes(clause) {
  if (!clause.startsWith('{')) return false;
  const names = clause
    .slice(1, -1)
    .replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length > 0 && names.every((name) => /^type\s/.test(name));
}

/**
 * @param {string} text
 * @returns {{specifier: string, line: number, typeOnly: boolean}[]} in the order of the lines
 */
export function readImports(text) {
  const imports = new Map();
  const add = (index, specifier, typeOnly) => {
    const line = text.slice(0, index).split('\n').length;
    imports.set(`${line} ${specifier}`, {specifier, line, typeOnly});
  };
  for (const match of text.matchAll(CALL)) {
    const before = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index);
    if (IN_COMMENT.test(before)) continue;
    add(match.index, match[1], match[2] !== undefined || /\btypeof\s+$/.test(before));
  }
  for (const statement of STATEMENTS) {
    for (const match of text.matchAll(statement)) {
      const [, type, clause, specifier] = match;
      add(match.index, specifier, Boolean(type) || namesOnlyTypes(clause));
    }
  }
  return [...imports.values()].sort((a, b) => a.line - b.line);
}
