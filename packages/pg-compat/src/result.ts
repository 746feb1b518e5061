/** `pg.Result`: what became of one statement, and how its rows are read. */
import type {Column} from './raw-types';
import * as defaultTypes from './types';
import type {CustomTypesConfig, TextParser} from './types';

/** A column, under the names of pg. */
export class Field {
  readonly format = 'text';
  constructor(
    readonly name: string,
    readonly tableID: number,
    readonly columnID: number,
    readonly dataTypeID: number,
    readonly dataTypeSize: number,
    readonly dataTypeModifier: number,
  ) {}
}

// oxlint-disable-next-line typescript/no-explicit-any -- rows are what the program expects them to be, as with pg
export type ResultRow = any;

/** What a program gives to be told by: a Result; an array of them where the text had several statements. */
export type ResultCallback = (error: Error | null | undefined, result: ResultRow) => void;

export class Result<Row = ResultRow> {
  /** The first word of the command tag; null for an empty text. */
  command: string | null = null;
  /** Rows given or changed; null where the command says nothing of rows. */
  rowCount: number | null = null;
  oid: number | null = null;
  rows: Row[] = [];
  fields: Field[] = [];
  readonly rowAsArray: boolean;
  /** Set by whoever runs it, unless it has its own. */
  types: CustomTypesConfig | undefined;
  #parsers: TextParser[] = [];
  /** All columns, so that rows have one shape and a column may be called `__proto__`. */
  #empty: Record<string, unknown> = {};

  constructor(rowMode?: string, ownTypes?: CustomTypesConfig) {
    this.rowAsArray = rowMode === 'array';
    this.types = ownTypes;
  }

  addColumns(columns: readonly Column[]): void {
    const {types: own = defaultTypes} = this;
    this.fields = columns.map(
      (column) =>
        new Field(
          column.name,
          column.tableOid,
          column.columnNumber,
          column.typeOid,
          column.typeSize,
          column.typeModifier,
        ),
    );
    this.#parsers = columns.map(({typeOid}) => own.getTypeParser(typeOid, 'text'));
    this.#empty = Object.fromEntries(columns.map(({name}) => [name, null]));
  }

  addCommandTag(tag: string): void {
    const [command = '', ...numbers] = tag.split(' ');
    this.command = command;
    const counts = numbers.map(Number).filter((value) => !Number.isNaN(value));
    const last = counts.at(-1);
    if (last !== undefined) this.rowCount = last;
    // INSERT says an OID in front, which is 0 since tables have none.
    if (counts.length === 2) this.oid = counts[0] ?? null;
  }

  /** @throws What a parser throws. */
  parseRow(values: readonly (string | null)[]): Row {
    return this.rowAsArray ? this.#array(values) : this.#object(values);
  }

  addRow(row: Row): void {
    this.rows.push(row);
  }

  #array(values: readonly (string | null)[]): ResultRow {
    const parsers = this.#parsers;
    const row: unknown[] = [];
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? null;
      row.push(value === null ? null : parsers[at]?.(value));
    }
    return row;
  }

  #object(values: readonly (string | null)[]): ResultRow {
    const parsers = this.#parsers;
    const {fields} = this;
    const row = {...this.#empty};
    for (let at = 0; at < values.length; at++) {
      const value = values[at] ?? null;
      const field = fields[at];
      if (field === undefined) continue;
      // Of two columns of a name the last one counts.
      row[field.name] = value === null ? null : parsers[at]?.(value);
    }
    return row;
  }
}
