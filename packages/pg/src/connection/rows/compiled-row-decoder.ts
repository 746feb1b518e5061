/**
 * Compiles the decoder of a row layout into one function: the fast twin of row-decoder.ts.
 *
 * It reads well-formed rows only. Whatever is not as it should be, and whatever a codec throws, is given to
 * the interpreting twin, which says exactly what is wrong; so both give the same rows and the same errors.
 *
 * The generated text holds numbers and JSON-escaped column names, nothing else that comes from outside
 * (CVE-2017-16082 was a column name that became code). In a literal `__proto__` is written as a computed key,
 * because as a plain one it would set the prototype. Where the process forbids code generation
 * (`--disallow-code-generation-from-strings`) there is no compiled twin and the interpreter stays.
 */
import {viewOf} from '../../types';
import type {InlineDecoder} from '../../types';
import {templateOf} from './row-decoder';
import type {DecodedColumn, Row, RowDecoder, ValueDecoder} from './row-decoder';

/** Wider rows cost more to compile than they are likely to gain. */
const MAX_COLUMNS = 250;

/**
 * Up to so many columns are read by one function, which puts its row together at the end: no row is made
 * faster. More are read by a function for each so many. One for all columns of a wide row would never be optimised:
 * V8 leaves functions of more than 60 KB of bytecode (`max_optimized_bytecode_size`) as they are, which is
 * five times as slow as interpreting.
 */
const COLUMNS_PER_FUNCTION = 16;

type Compile = (
  slow: RowDecoder,
  template: Row,
  viewOf: (buffer: Buffer) => DataView,
  int32: (view: DataView, offset: number) => number,
  ...decoders: ValueDecoder[]
) => RowDecoder;

/** Undefined where code cannot be generated, or is not worth it. */
export function compileRowDecoder(
  columns: readonly DecodedColumn[],
  interpret: RowDecoder,
): RowDecoder | undefined {
  if (columns.length === 0 || columns.length > MAX_COLUMNS) return undefined;
  const compile = generate(columns);
  return compile?.(
    interpret,
    templateOf(columns),
    viewOf,
    int32,
    ...columns.map((column) => column.learn?.() ?? column.decode),
  );
}

function generate(columns: readonly DecodedColumn[]): Compile | undefined {
  const names = ['slow', 'template', 'viewOf', 'int32'];
  const parameters = [...names, ...columns.map((_, index) => `d${index}`)];
  const body = columns.length <= COLUMNS_PER_FUNCTION ? readNarrow(columns) : readWide(columns);
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval, typescript/no-unsafe-type-assertion
    return new Function(...parameters, ['"use strict";', ...body].join('\n')) as Compile;
  } catch {
    return undefined;
  }
}

function readNarrow(columns: readonly DecodedColumn[]): string[] {
  const {define, make} = rowOf(columns);
  return [
    ...define,
    ...readStart(columns),
    'let length = 0, high = 0;',
    `let ${columns.map((_, index) => `c${index} = null`).join(', ')};`,
    'try {',
    ...columns.map((column, index) => readColumn(column, index, `c${index}`, narrow)),
    ...readEnd,
    `return ${make};`,
    '};',
  ];
}

/**
 * The row from c0, c1, ...: by a constructor, not a literal. Once V8 has seen the objects of a literal live long (many
 * answers in flight, which all survive a collection), it puts new ones into the old generation at once, where the
 * dead ones keep their values alive until all of the heap is collected. It does not do so with constructors.
 *
 * What is assigned has to be an own property: a name that Object.prototype has is left to a literal, which defines.
 */
function rowOf(columns: readonly DecodedColumn[]): {readonly define: string[]; make: string} {
  if (columns.some(({name}) => name in Object.prototype)) {
    const properties = columns.map(({name}, index) => `${propertyKey(name)}: c${index}`);
    return {define: [], make: `{${properties.join(', ')}}`};
  }
  const values = columns.map((_, index) => `c${index}`).join(', ');
  const stores = columns.map(({name}, index) => `this[${JSON.stringify(name)}] = c${index};`);
  return {
    define: [
      `function Row(${values}) { ${stores.join(' ')} }`,
      'Row.prototype = Object.prototype;',
    ],
    make: `new Row(${values})`,
  };
}

function readWide(columns: readonly DecodedColumn[]): string[] {
  const firsts = columns.map((_, index) => index).filter((n) => n % COLUMNS_PER_FUNCTION === 0);
  return [
    ...firsts.map((first) => readGroup(columns, first)),
    ...readStart(columns),
    'const row = {...template};',
    'try {',
    ...firsts.map(
      (first) =>
        `offset = from${first}(buffer, view, offset, end, row); if (offset < 0) ${LEAVE_TO_SLOW}`,
    ),
    ...readEnd,
    'return row;',
    '};',
  ];
}

const LEAVE_TO_SLOW = 'return slow(buffer, start, end);';

function readStart({length}: readonly DecodedColumn[]): string[] {
  return [
    'return function decodeRow(buffer, start, end) {',
    'let offset = start + 2;',
    `if (offset > end || ((buffer[start] << 8) | buffer[start + 1]) !== ${length}) ${LEAVE_TO_SLOW}`,
    'const view = viewOf(buffer);',
  ];
}

const readEnd = [`} catch { ${LEAVE_TO_SLOW} }`, `if (offset !== end) ${LEAVE_TO_SLOW}`];

/** A function that gives the offset behind its columns, or -1 if one of them is not as it should be. */
function readGroup(columns: readonly DecodedColumn[], first: number): string {
  const group = columns.slice(first, first + COLUMNS_PER_FUNCTION);
  return [
    `function from${first}(buffer, view, offset, end, row) {`,
    'let length = 0, high = 0;',
    ...group.map((column, index) => {
      // `__proto__` is an own property of the template, so assigning to it sets no prototype.
      const target = `row[${JSON.stringify(column.name)}]`;
      const read = readColumn(column, first + index, target, wide);
      // A NULL is in the template already, unless a column of the same name was there before.
      const isRepeated = columns.findIndex(({name}) => name === column.name) < first + index;
      return isRepeated ? `${read} else ${target} = null;` : read;
    }),
    'return offset;',
    '}',
  ].join('\n');
}

/** How the two kinds of functions say the same. */
interface Wording {
  readonly giveUp: string;
  readonly int32At: (place: string) => string;
}

const narrow: Wording = {giveUp: LEAVE_TO_SLOW, int32At: (place) => `view.getInt32(${place})`};
const wide: Wording = {giveUp: 'return -1;', int32At: (place) => `int32(view, ${place})`};

/**
 * Ends with an `if` that a column without a value does not enter.
 *
 * Whether a length or a value of fixed size lies within the row is not asked: the view throws behind its end, and
 * `offset`, which never gets less, is not `end` any more when the row has been read. Decoders are called with bytes
 * of the row only.
 */
function readColumn(
  {inline}: DecodedColumn,
  index: number,
  target: string,
  {giveUp, int32At}: Wording,
): string {
  return [
    `length = ${int32At('offset')};`,
    'offset += 4;',
    ...(inline === undefined ? [] : [readInline(inline, target, int32At)]),
    'if (length !== -1) {',
    `if (length < 0 || length > end - offset) ${giveUp}`,
    `${target} = d${index}(buffer, offset, offset + length);`,
    'offset += length;',
    '}',
  ].join('\n');
}

/** Ends with an `else`, for what the expression is not for. */
function readInline(
  {bytes, guard, value}: InlineDecoder,
  target: string,
  int32At: Wording['int32At'],
): string {
  const conditions = [`length === ${bytes}`];
  if (guard !== undefined) conditions.push(`(high = ${int32At('offset')}, ${guard})`);
  return `if (${conditions.join(' && ')}) { ${target} = ${value}; offset += ${bytes}; } else`;
}

/**
 * All wide rows share it, so it is fast from the first row that new code reads. In narrow rows the same in
 * place takes about 0.95 of the CPU once it is optimised.
 */
function int32(view: DataView, offset: number): number {
  return view.getInt32(offset);
}

function propertyKey(name: string): string {
  // JSON text is JavaScript text since ES2019, U+2028 and U+2029 included.
  const literal = JSON.stringify(name);
  return name === '__proto__' ? `[${literal}]` : literal;
}
