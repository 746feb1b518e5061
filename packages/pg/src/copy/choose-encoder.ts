/**
 * How the rows of a COPY FROM STDIN are sent: which format, and with which statement.
 *
 * The statement's own format is kept. Where it names none, rows go in the binary format if all columns have an
 * encoder, and in the text format if not. Options that change what text looks like are refused: the text is ours.
 */
import {UsageError} from '../errors';
import {binaryEncoder} from './binary-row-encoder';
import {withOption} from './copy-statement';
import type {CopyStatement} from './copy-statement';
import {TextRowEncoder} from './row-encoder';
import type {CopyColumn, RowEncoder} from './row-encoder';

/** Those that leave the data as it is. All but `format` and `freeze` are for text only. */
const HARMLESS = new Set(['format', 'freeze', 'on_error', 'log_verbosity', 'reject_limit']);

export interface RowPlan {
  readonly text: string;
  readonly encoder: RowEncoder;
}

/** @throws {UsageError} The statement does not go with rows. */
export function assertTakesRows(statement: CopyStatement): void {
  if (statement.format === 'csv') {
    throw refused(
      'rows cannot be sent as csv: leave the format out of the statement, or pass the csv as strings or bytes',
    );
  }
  if (statement.oldOptions) {
    throw refused('options go with rows in the form WITH (FREEZE true, ...) only: write them so');
  }
  const changing = statement.options.find(({name}) => !HARMLESS.has(name));
  if (changing !== undefined) {
    throw refused(
      `the option ${changing.name.toUpperCase()} says how text is written, and rows are written by this package: leave it out, or pass the data as strings or bytes`,
    );
  }
}

/** @param columns Undefined: not known. Then the statement is sent for the server to say what is wrong with it. */
export function chooseEncoder(
  statement: CopyStatement,
  columns: readonly CopyColumn[] | undefined,
): RowPlan | undefined {
  const {format, text} = statement;
  if (columns === undefined) return undefined;
  if (format === 'text') return {text, encoder: new TextRowEncoder(columns)};
  const binary = binaryEncoder(columns);
  if (format === 'binary') {
    if (binary !== undefined) return {text, encoder: binary};
    const missing = columns.find(({encode}) => encode === undefined);
    throw refused(
      `column "${missing?.name ?? ''}" is of a type that this package does not write in binary: leave FORMAT binary out`,
    );
  }
  const textOnly = statement.options.some(({name}) => name !== 'freeze');
  return binary === undefined || textOnly
    ? {text, encoder: new TextRowEncoder(columns)}
    : {text: withOption(statement, 'FORMAT binary'), encoder: binary};
}

function refused(message: string): UsageError {
  return new UsageError(message, {code: 'PG_INVALID_ARGUMENT'});
}
