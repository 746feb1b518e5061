/*
 * Turns a laid out query into text and values, the way one database wants them.
 *
 * Knows nothing of templates and caches; everything it returns is frozen.
 */
import {argumentError, typeName} from './errors';
import {escapeIdentifier, LocalNames} from './identifier';
import {type IdentifierItem, SQLItemType, type ValueItem} from './sql-item';

/** How a database writes identifiers and parameters. */
export interface FormatConfig {
  /** Quotes a name. */
  readonly escapeIdentifier: (name: string) => string;
  /** The placeholder of a parameter, and what to send for it. `index` counts from 0. */
  readonly formatValue: (
    value: unknown,
    index: number,
  ) => {readonly placeholder: string; readonly value: unknown};
}

/** What goes to the database. Frozen, as it is shared by everybody who formats the same query. */
export interface FormattedQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Postgres: `"name"` and `$1`. */
export const pgFormat: FormatConfig = Object.freeze({
  escapeIdentifier,
  formatValue: (value: unknown, index: number) => ({placeholder: `$${index + 1}`, value}),
});

/** Something other than text that a query has between its texts. */
export type Slot = ValueItem | IdentifierItem;

/** `texts` are laid out, and one more than `slots`. */
export function formatSlots(
  texts: readonly string[],
  slots: readonly Slot[],
  config: FormatConfig,
): FormattedQuery {
  const values: unknown[] = [];
  const locals = new LocalNames();
  let text = texts[0] ?? '';
  for (const [i, slot] of slots.entries()) {
    if (slot.type === SQLItemType.VALUE) {
      const formatted = config.formatValue(slot.value, values.length);
      values.push(formatted.value);
      text += formatted.placeholder;
    } else {
      text += slot.names
        .map((name) =>
          config.escapeIdentifier(typeof name === 'string' ? name : locals.nameOf(name)),
        )
        .join('.');
    }
    text += texts[i + 1] ?? '';
  }
  return Object.freeze({text, values: Object.freeze(values)});
}

export function isFormatConfig(argument: unknown): argument is FormatConfig {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'escapeIdentifier' in argument &&
    typeof argument.escapeIdentifier === 'function' &&
    'formatValue' in argument &&
    typeof argument.formatValue === 'function'
  );
}

export function formatArgumentError(argument: unknown): TypeError {
  return argumentError(
    'SQL_INVALID_ARGUMENT',
    'query.format(...) takes {escapeIdentifier, formatValue} or a function of the items, ' +
      `but was given ${typeName(argument)}.`,
  );
}
