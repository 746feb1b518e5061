/** Where a value of a COPY stands, for messages: `row 3, column "a"`. Never the value itself. */
import {ValueError} from '../errors';
import {ParameterPlace} from '../types';

export class CopyPlace extends ParameterPlace {
  /** 1-based, as the server counts lines. */
  row = 0;
  /** 0-based. */
  column = 0;
  readonly #names: readonly string[];

  constructor(names: readonly string[]) {
    super(0);
    this.#names = names;
  }

  wrongLength(length: number): ValueError {
    return new ValueError(
      `row ${this.row} has ${length} values where the COPY has ${this.#names.length} columns (${this.#names.join(', ')})`,
      {code: 'PG_PARAMETER_INVALID'},
    );
  }

  protected override get name(): string {
    return `row ${this.row}, column "${this.#names[this.column] ?? this.column + 1}"`;
  }
}
