/** Where a parameter's value stands, for messages: `$3`, or `$3, element 2` of an array. Never the value itself. */
import {ValueError} from '../errors';

export class ParameterPlace {
  readonly #position: number;
  // Written while an array is walked, read only when something is wrong.
  readonly #path: number[] = [];

  constructor(position: number) {
    this.#position = position;
  }

  /** Now at this index (0-based) of the array at this depth. */
  enter(depth: number, index: number): void {
    if (this.#path.length > depth + 1) this.#path.length = depth + 1;
    this.#path[depth] = index;
  }

  /** Back at the parameter as a whole. */
  leave(): void {
    this.#path.length = 0;
  }

  protected get name(): string {
    return `parameter $${this.#position}`;
  }

  /** @param why Continues the sentence that begins with the place, and says what to do. */
  invalid(why: string, cause?: unknown): ValueError {
    const indexes = this.#path.map((index) => index + 1).join('.');
    const element = indexes === '' ? '' : `, element ${indexes},`;
    return new ValueError(`${this.name}${element} ${why}`, {
      code: 'PG_PARAMETER_INVALID',
      cause,
    });
  }
}
