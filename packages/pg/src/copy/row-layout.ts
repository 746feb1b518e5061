/**
 * Rows of one layout (names and types of their columns), written by one function without a loop, once so many of
 * them were written that it pays: each value then has a place in the code of its own, which V8 optimises for what
 * comes there.
 *
 * The generated text calls the encoders of direct-encoder.ts; it has numbers and JSON-escaped column names in it, and
 * nothing else from outside. Where the process forbids code generation (`--disallow-code-generation-from-strings`), or
 * rows are very wide, there is no such function and the loop stays.
 */
import type {ByteWriter} from '../protocol';
import type {DirectEncoder, WriteDirectly} from './direct-encoder';
import type {DirectMemory} from './direct-memory';
import type {CopyColumn} from './row-encoder';

/** For so many at a time, memory is asked for. */
export const COLUMNS_PER_GROUP = 32;

/** Generating code and having V8 optimise it takes longer than these do in a loop. */
const UNROLL_AFTER_ROWS = 4096;

/** V8 leaves functions of more than 60 KB of bytecode (`max_optimized_bytecode_size`) as they are. */
const MAX_COLUMNS = 250;

/** A program has a few tables that it fills often; those that it has not filled for long go. */
const KEPT_LAYOUTS = 64;

/** What an unrolled row writes with. */
export interface RowPen {
  /** What `at` counts in. */
  readonly memory: DirectMemory;
  /** Makes room, and writes the number of columns. Gives where the first field goes. */
  begin(out: ByteWriter): number;
  /** Makes room for the next group of columns. */
  goOn(out: ByteWriter, at: number): number;
  /** Writes a value the exact way. The memory may be another then. @throws {ValueError} */
  exactly(out: ByteWriter, column: number, value: unknown, at: number): number;
  finish(out: ByteWriter, at: number): void;
}

type WriteRow = (pen: RowPen, out: ByteWriter, row: object) => void;

export interface UnrolledRow {
  readonly ofArray: WriteRow;
  readonly ofObject: WriteRow;
}

export class RowLayout {
  readonly #names: readonly string[];
  readonly #direct: readonly DirectEncoder[];
  #rows = 0;
  #unrolled: UnrolledRow | undefined;

  constructor(names: readonly string[], direct: readonly DirectEncoder[]) {
    this.#names = names;
    this.#direct = direct;
  }

  /** One more row was written in a loop. Undefined: so are the next. */
  counted(): UnrolledRow | undefined {
    this.#rows++;
    if (this.#rows === UNROLL_AFTER_ROWS) this.#unrolled = unroll(this.#names, this.#direct);
    return this.#unrolled;
  }
}

const layouts = new Map<string, RowLayout>();

/** The same for the same columns: a program fills a table more than once. */
export function rowLayoutOf(
  columns: readonly CopyColumn[],
  direct: readonly DirectEncoder[],
): RowLayout {
  const names = columns.map(({name}) => name);
  const key = JSON.stringify([names, direct.map(({name}) => name)]);
  const layout = layouts.get(key) ?? new RowLayout(names, direct);
  // A Map keeps the order in which its keys came: the first is the one used longest ago.
  layouts.delete(key);
  layouts.set(key, layout);
  if (layouts.size > KEPT_LAYOUTS) {
    for (const oldest of layouts.keys()) {
      layouts.delete(oldest);
      break;
    }
  }
  return layout;
}

type Generate = (...writers: readonly WriteDirectly[]) => WriteRow;

function unroll(
  names: readonly string[],
  direct: readonly DirectEncoder[],
): UnrolledRow | undefined {
  if (names.length > MAX_COLUMNS) return undefined;
  const writers = direct.map(({write}) => write);
  const ofArray = generate(names.map((_, column) => `row[${column}]`));
  const ofObject = generate(names.map((name) => `row[${JSON.stringify(name)}]`));
  return ofArray && ofObject && {ofArray: ofArray(...writers), ofObject: ofObject(...writers)};
}

/** @param values What says where the value of each column is. */
function generate(values: readonly string[]): Generate | undefined {
  const body = [
    '"use strict";',
    'return function writeRow(pen, out, row) {',
    'const {memory} = pen; let at = pen.begin(out), view = memory.view, next = 0, value = null;',
    ...values.map(writeValue),
    'pen.finish(out, at);',
    '};',
  ];
  try {
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval, typescript/no-unsafe-type-assertion
    return new Function(...values.map((_, column) => `w${column}`), body.join('\n')) as Generate;
  } catch {
    return undefined;
  }
}

function writeValue(value: string, column: number): string {
  const startsGroup = column > 0 && column % COLUMNS_PER_GROUP === 0;
  return [
    ...(startsGroup ? ['at = pen.goOn(out, at);', 'view = memory.view;'] : []),
    `value = ${value};`,
    'if (value === null) { view.setInt32(at, -1); at += 4; }',
    `else if ((next = w${column}(view, at, value)) >= 0) at = next;`,
    `else { at = pen.exactly(out, ${column}, value, at); view = memory.view; }`,
  ].join('\n');
}
