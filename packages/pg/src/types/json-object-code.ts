/**
 * Compiles what reads the JSON objects of one shape: a constructor, and a reader that looks for the keys in the
 * order in which they came before.
 *
 * A reader that meets something else hands over what it has read so far, so nothing is read twice and nothing is
 * decided here. Nothing but numbers and JSON-escaped keys gets into the text. Where the process forbids to
 * generate code there is none.
 */
import {viewOf} from './byte-view';

/** Builds the object whose values are `values[from]` and those behind it, in the order of the keys. */
export type BuildObject = (values: readonly unknown[], from: number) => object;

/** What a compiled reader asks of the one that called it. */
export interface MemberReader<Node> {
  readonly buffer: Buffer;
  /** Where reading goes on. */
  at: number;
  readonly end: number;
  /** The value at `at`, which is then behind it. Undefined: not to be read here. */
  readValue(): unknown;
  /** Puts a value on the stack of those whose object is not complete. */
  keep(value: unknown): void;
  /** The rest of an object whose keys so far are those of `node` and whose values were kept. */
  readBehind(node: Node): unknown;
  /** An object of so many keys was read to its end. */
  endObject(keys: number): void;
}

/** Reads the members from the value of the first key on; the object is then behind `at`. */
export type ReadMembers<Node> = (reader: MemberReader<Node>) => unknown;

export interface ShapeCode<Node> {
  readonly build: BuildObject;
  readonly read?: ReadMembers<Node>;
}

/** One key of a shape. */
export interface KeyOfShape {
  readonly key: string;
  /** As it stands in the document, up to the first byte of its value. */
  readonly bytes: Buffer;
}

/** Readers of more keys would take longer to compile than they are likely to save. */
const MAX_KEYS_TO_READ = 16;

/**
 * @param nodes One for each key, in order: what the keys up to it lead to.
 * @param template An object of the shape.
 */
export function compileShape<Node extends KeyOfShape>(
  nodes: readonly Node[],
  template: object,
  reads: boolean,
): ShapeCode<Node> | undefined {
  const isInherited = nodes.some(({key}) => key in Object.prototype);
  const parts = isInherited ? buildByCopy(nodes) : buildByConstructor(nodes, reads);
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval, typescript/no-unsafe-type-assertion
    const compile = new Function('template', 'viewOf', 'nodes', parts.join('\n')) as (
      template: object,
      viewOf: (buffer: Buffer) => DataView,
      nodes: readonly Node[],
    ) => ShapeCode<Node>;
    return compile(template, viewOf, nodes);
  } catch {
    return undefined;
  }
}

/** What a constructor assigns is an own property unless Object.prototype has one of that name; this has them all. */
function buildByCopy(nodes: readonly KeyOfShape[]): string[] {
  return [
    'return {build: (values, from) => {',
    'const object = {...template};',
    ...nodes.map(({key}, index) => `object[${JSON.stringify(key)}] = values[from + ${index}];`),
    'return object;',
    '}};',
  ];
}

/**
 * Not by a literal: once V8 has seen the objects of one live long, it puts new ones into the old generation at once,
 * where the dead ones keep their values alive until all of the heap is collected. It does not do so with constructors
 * and copies, of which the constructor is faster.
 */
function buildByConstructor(nodes: readonly KeyOfShape[], reads: boolean): string[] {
  const names = nodes.map((_, index) => `v${index}`).join(', ');
  const values = nodes.map((_, index) => `values[from + ${index}]`).join(', ');
  const readable = reads && nodes.length <= MAX_KEYS_TO_READ;
  return [
    `function Document(${names}) {`,
    ...nodes.map(({key}, index) => `this[${JSON.stringify(key)}] = v${index};`),
    '}',
    'Document.prototype = Object.prototype;',
    `const build = (values, from) => new Document(${values});`,
    'const read =',
    ...(readable ? readMembers(nodes, names) : ['undefined;']),
    'return {build, read};',
  ];
}

function readMembers(nodes: readonly KeyOfShape[], names: string): string[] {
  return [
    'function readMembers(reader) {',
    'const {buffer, end} = reader;',
    'const view = viewOf(buffer);',
    `let at = 0, start = 0, byte = 0, ${names};`,
    ...nodes.flatMap((_, index) => [
      ...readInteger(`v${index}`, index === 0 ? 'reader.at' : 'at'),
      ...readOn(nodes, index),
    ]),
    'reader.at = at;',
    `reader.endObject(${nodes.length});`,
    `return new Document(${names});`,
    '};',
  ];
}

const COMMA = 0x2c;
const CLOSE_OBJECT = 0x7d;
const DIGITS = {zero: 0x30, nine: 0x39};
/** So many digits are exact. */
const MAX_DIGITS = 15;

/** An integer without a sign is read in place, anything else by a call; a zero, which nothing may follow, too. */
function readInteger(target: string, from: string): string[] {
  const {zero, nine} = DIGITS;
  return [
    `start = at = ${from};`,
    'byte = buffer[at];',
    `if (byte > ${zero} && byte <= ${nine}) {`,
    `${target} = byte - ${zero};`,
    `while ((byte = buffer[++at]) >= ${zero} && byte <= ${nine}) ${target} = ${target} * 10 + byte - ${zero};`,
    '}',
    `if (at === start || at - start > ${MAX_DIGITS} || (byte !== ${COMMA} && byte !== ${CLOSE_OBJECT})) {`,
    'reader.at = start;',
    `${target} = reader.readValue();`,
    `if (${target} === undefined) return undefined;`,
    'at = reader.at;',
    '}',
  ];
}

/** What has to come behind a value, and what is done if it does not. */
function readOn(nodes: readonly KeyOfShape[], index: number): string[] {
  const next = nodes[index + 1];
  const bytes = Buffer.concat([Buffer.from(next === undefined ? '}' : ','), next?.bytes ?? EMPTY]);
  const kept = nodes.slice(0, index + 1).map((_, place) => `reader.keep(v${place});`);
  return [
    `if (at + ${bytes.length} > end || ${differsFrom(bytes)}) {`,
    ...kept,
    'reader.at = at;',
    `return reader.readBehind(nodes[${index}]);`,
    '}',
    `at += ${bytes.length};`,
  ];
}

const EMPTY = Buffer.alloc(0);

/** A key with its comma has four bytes or more; alone is the end of an object. */
function differsFrom(bytes: Buffer): string {
  if (bytes.length < 4) return `buffer[at] !== ${bytes[0]}`;
  return wordsOf(bytes)
    .map((word, index) => {
      const place = Math.min(4 * index, bytes.length - 4);
      return `view.getInt32(at + ${place}) !== ${word}`;
    })
    .join(' || ');
}

/** Four bytes at once; the last are the last four, some of which may be in the one before. */
export function wordsOf(bytes: Buffer): number[] {
  return Array.from({length: Math.ceil(bytes.length / 4)}, (_, index) =>
    bytes.readInt32BE(Math.min(4 * index, bytes.length - 4)),
  );
}
