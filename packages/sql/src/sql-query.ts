/*
 * A query: immutable, made of text, values, identifiers and other queries.
 *
 * A flat query (a template into which only values were put) keeps no more than its strings and values.
 * Every other one keeps its parts as they were put in, and flattens them when it is formatted. Making a
 * query therefore costs next to nothing; what formatting found is kept in a private memo.
 */
import {
  type FormatConfig,
  formatArgumentError,
  formatSlots,
  type FormattedQuery,
  isFormatConfig,
  type Slot,
} from './format';
import {type Layout, layOut} from './layout';
import {mayStandInside, misplacedError} from './misplaced';
import {type SQLItem, SQLItemType} from './sql-item';
import {templateOf} from './template';

/** Marks queries of every copy and version of this package in the process. */
const BRAND: unique symbol = Symbol.for('@databases/sql:SQLQuery');
const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom');

const NO_VALUES: readonly unknown[] = Object.freeze([]);

/** What a query that is not flat consists of. */
export type Part = SQLItem | SQLQuery;

/** What was found out about a query so far. Not part of what the query is. */
interface Memo {
  items?: readonly SQLItem[];
  /** Slots and the texts around them, of a query that is not flat. */
  laidOut?: {readonly slots: readonly Slot[]; readonly texts: readonly string[]};
  readonly results: WeakMap<object, {readonly result: unknown}>;
}

/** A query made with the `sql` tag. Get it only from there. */
export class SQLQuery {
  /**
   * The strings of the template, if nothing but plain values was put into it; otherwise `undefined`.
   * The same array for every query from the same place in the source.
   */
  readonly strings: TemplateStringsArray | undefined;
  /** The values put into the template named by `strings`, one between each two; otherwise empty. */
  readonly values: readonly unknown[];
  /** What the query consists of when `strings` is `undefined`. */
  readonly parts: readonly Part[] | undefined;
  #memo: Memo | undefined;

  private constructor(
    strings: TemplateStringsArray | undefined,
    values: readonly unknown[],
    parts: readonly Part[] | undefined,
  ) {
    this.strings = strings;
    this.values = values;
    this.parts = parts;
  }

  /** A query of a template into which only values were put. The array of values becomes the query's. */
  static flat(strings: TemplateStringsArray, values: readonly unknown[]): SQLQuery {
    return new SQLQuery(strings, values, undefined);
  }

  /** A query of parts. The array becomes the query's. */
  static of(parts: readonly Part[]): SQLQuery {
    return new SQLQuery(undefined, NO_VALUES, parts);
  }

  get [BRAND](): true {
    return true;
  }

  /**
   * The text and the values for a database. The same frozen object for the same config.
   *
   * @throws {Error} `SQL_VALUE_IN_QUOTES`, `SQL_VALUE_NOT_SEPARATE`, `SQL_IDENTIFIER_IN_QUOTES` when a
   *   value or an identifier came to stand where the server would not see it as one.
   * @throws {Error} What the config throws.
   */
  format(config: FormatConfig): FormattedQuery;
  /** What the function makes of the query's items. Called once per function and query. */
  format<T>(formatter: (items: readonly SQLItem[]) => T): T;
  format(argument: FormatConfig | ((items: readonly SQLItem[]) => unknown)): unknown {
    const isFunction = typeof argument === 'function';
    if (!isFunction && !isFormatConfig(argument)) throw formatArgumentError(argument);
    const {results} = this.#remember();
    const known = results.get(argument);
    if (known !== undefined) return known.result;
    const result = isFunction ? argument(this.#frozenItems()) : this.#formatWith(argument);
    results.set(argument, {result});
    return result;
  }

  #formatWith(config: FormatConfig): FormattedQuery {
    if (this.strings !== undefined) return templateOf(this.strings).format(this.values, config);
    const {texts, slots} = this.#layOut();
    return formatSlots(texts, slots, config);
  }

  #layOut(): {readonly slots: readonly Slot[]; readonly texts: readonly string[]} {
    const memo = this.#remember();
    if (memo.laidOut !== undefined) return memo.laidOut;
    const texts = [''];
    const slots: Slot[] = [];
    for (const item of this.#items()) {
      if (item.type === SQLItemType.RAW) {
        texts[slots.length] += item.text;
      } else {
        slots.push(item);
        texts.push('');
      }
    }
    const layout = layOut(
      texts,
      slots.map((slot) => (slot.type === SQLItemType.VALUE ? 'value' : 'identifier')),
    );
    checkSlots(layout, slots);
    memo.laidOut = {slots, texts: layout.texts};
    return memo.laidOut;
  }

  /** The items, flattened. */
  #items(): readonly SQLItem[] {
    const memo = this.#remember();
    memo.items ??= flatten(this);
    return memo.items;
  }

  /** The items for those outside. Formatting needs no frozen ones, and freezing costs as much as it. */
  #frozenItems(): readonly SQLItem[] {
    for (const item of this.#items()) Object.freeze(item);
    return Object.freeze(this.#items());
  }

  #remember(): Memo {
    this.#memo ??= {results: new WeakMap()};
    return this.#memo;
  }

  /** Shows the text with placeholders in place of the values, which may be secrets. */
  [INSPECT](): string {
    let values = 0;
    const text = this.#items().map((item) => {
      if (item.type === SQLItemType.RAW) return item.text;
      return item.type === SQLItemType.VALUE ? `$${++values}` : item.names.map(shownName).join('.');
    });
    return `sql\`${text.join('')}\``;
  }
}

/** Whether the value is a query made with `sql`, be it by another copy of this package. */
export function isSqlQuery(value: unknown): value is SQLQuery {
  return typeof value === 'object' && value !== null && BRAND in value && value[BRAND] === true;
}

function shownName(name: unknown): string {
  return typeof name === 'string' ? `"${name}"` : '<local>';
}

function checkSlots(layout: Layout, slots: readonly Slot[]): void {
  for (const misplaced of layout.misplaced) {
    const slot = slots[misplaced.slot];
    if (slot === undefined || slot.type === SQLItemType.VALUE)
      throw misplacedError('value', misplaced);
    if (!mayStandInside(misplaced.token, slot.names)) throw misplacedError('identifier', misplaced);
  }
}

/** Not recursive: a query built up in a loop may be nested many thousand times. */
function flatten(query: SQLQuery): SQLItem[] {
  const items: SQLItem[] = [];
  const open = [{parts: partsOf(query), next: 0}];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const part = level.parts[level.next++];
    if (part === undefined) {
      open.pop();
    } else if (isSqlQuery(part)) {
      open.push({parts: partsOf(part), next: 0});
    } else {
      items.push(part);
    }
  }
  return items;
}

function partsOf(query: SQLQuery): readonly Part[] {
  if (query.strings !== undefined) {
    return templateParts(query.strings, query.values, parameter);
  }
  // A query of another version of this package may have no parts, but it can always name its items.
  return query.parts ?? query.format((items) => items);
}

/** The parts of a template: its texts, with what `partOf` makes of the values between them. */
export function templateParts(
  strings: readonly string[],
  values: readonly unknown[],
  partOf: (value: unknown) => Part,
): Part[] {
  const parts: Part[] = [];
  for (const [i, text] of strings.entries()) {
    if (text !== '') parts.push({type: SQLItemType.RAW, text});
    if (i < values.length) parts.push(partOf(values[i]));
  }
  return parts;
}

function parameter(value: unknown): SQLItem {
  return {type: SQLItemType.VALUE, value};
}
