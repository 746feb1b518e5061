/**
 * Which JavaScript strings Postgres text can hold: all but those with NUL or with half a surrogate pair.
 *
 * NUL ends a String of the protocol, so one inside would let a value continue as the next field.
 * Half a pair has no UTF-8: an encoder would replace it with U+FFFD and the stored text would differ.
 * The text itself is never part of the message: it may be a password or a parameter.
 */
import {ValueError} from '../../errors';

interface WellFormedness {
  isWellFormed(this: string): boolean;
}

// Typed in ES2024 only, present in every Node this package runs on.
function knowsWellFormedness(prototype: object): prototype is WellFormedness {
  return 'isWellFormed' in prototype;
}

const stringPrototype: object = String.prototype;

/** Whether every surrogate in `text` is one of a pair, so that UTF-8 can say it. */
export function isWellFormed(text: string): boolean {
  return knowsWellFormedness(stringPrototype)
    ? stringPrototype.isWellFormed.call(text)
    : !/\p{Surrogate}/u.test(text);
}

/** The error for a text with a NUL in it. */
export function nulError(text: string): ValueError {
  return new ValueError(
    `The text has a NUL character (U+0000) at index ${text.indexOf('\0')}; Postgres cannot store or ` +
      'read one in text. Remove it, or use bytea for binary data',
    {code: 'PG_PARAMETER_INVALID'},
  );
}

/** The error for a text with half a surrogate pair in it. */
export function loneSurrogateError(text: string): ValueError {
  return new ValueError(
    `The text has a lone surrogate (half of a character) at index ${text.search(/\p{Surrogate}/u)}; ` +
      'UTF-8 cannot say it. It was probably cut in the middle of a character: cut by code points instead',
    {code: 'PG_PARAMETER_INVALID'},
  );
}
