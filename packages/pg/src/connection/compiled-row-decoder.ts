/**
 * Compiles the decoder of a row layout into one function: the fast twin of row-decoder.ts.
 *
 * It reads well-formed rows only. Whatever is not as it should be, and whatever a codec throws, is given to
 * the interpreting twin, which says exactly what is wrong; so both give the same rows and the same errors.
 *
 * The generated text holds numbers and JSON-escaped column names, nothing else that comes from outside
 * (CVE-2017-16082 was a column name that became code). `__proto__` is written as a computed key, because
 * as a plain one it would set the prototype. Where the process forbids code generation
 * (`--disallow-code-generation-from-strings`) there is no compiled twin and the interpreter stays.
 */
import type {InlineDecoder} from '../types';
import type {DecodedColumn, RowDecoder, ValueDecoder} from './row-decoder';

/** Wider rows would make functions that V8 is slow to optimise. */
const MAX_COLUMNS = 250;

type Compile = (
  slow: RowDecoder,
  doubleOf: (high: number, low: number) => number,
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
    doubleOf,
    ...columns.map((column) => column.learn?.() ?? column.decode),
  );
}

function generate(columns: readonly DecodedColumn[]): Compile | undefined {
  const parameters = ['slow', 'doubleOf', ...columns.map((_, index) => `d${index}`)];
  const body = [
    '"use strict"; return function decodeRow(buffer, start, end) {',
    'let offset = start + 2, length = 0, high = 0, low = 0;',
    `if (offset > end || ((buffer[start] << 8) | buffer[start + 1]) !== ${columns.length}) return slow(buffer, start, end);`,
    `let ${columns.map((_, index) => `c${index} = null`).join(', ')};`,
    'try {',
    ...columns.map((column, index) => readColumn(column, index)),
    '} catch { return slow(buffer, start, end); }',
    'if (offset !== end) return slow(buffer, start, end);',
    `return {${columns.map(({name}, index) => `${propertyKey(name)}: c${index}`).join(', ')}};`,
    '};',
  ].join('\n');
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval, typescript/no-unsafe-type-assertion
    return new Function(...parameters, body) as Compile;
  } catch {
    return undefined;
  }
}

function readColumn({inline}: DecodedColumn, index: number): string {
  return [
    'if (offset + 4 > end) return slow(buffer, start, end);',
    `length = ${int32At(0)};`,
    'offset += 4;',
    'if (length !== -1) {',
    'if (length < 0 || length > end - offset) return slow(buffer, start, end);',
    ...(inline === undefined ? [call(index)] : readInline(inline, index)),
    'offset += length;',
    '}',
  ].join('\n');
}

function readInline({bytes, guard, value}: InlineDecoder, index: number): string[] {
  return [
    ...(bytes === 8
      ? [`if (length === 8) { high = ${int32At(0)}; low = (${int32At(4)}) >>> 0; }`]
      : []),
    `if (length === ${bytes}${guard === undefined ? '' : ` && ${guard}`}) c${index} = ${value}; else`,
    call(index),
  ];
}

function call(index: number): string {
  return `c${index} = d${index}(buffer, offset, offset + length);`;
}

function int32At(distance: number): string {
  const byte = (place: number) => `buffer[offset + ${distance + place}]`;
  return `(${byte(0)} << 24) | (${byte(1)} << 16) | (${byte(2)} << 8) | ${byte(3)}`;
}

const bigEndian = new DataView(new ArrayBuffer(8));

/** The double whose bits are these. */
function doubleOf(high: number, low: number): number {
  bigEndian.setInt32(0, high);
  bigEndian.setUint32(4, low);
  return bigEndian.getFloat64(0);
}

function propertyKey(name: string): string {
  // JSON text is JavaScript text since ES2019, U+2028 and U+2029 included.
  const literal = JSON.stringify(name);
  return name === '__proto__' ? `[${literal}]` : literal;
}
