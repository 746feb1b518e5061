/*
 * Names of tables, columns and so on, quoted so that they are nothing but names.
 *
 * The limits are the server's: NAMEDATALEN - 1 bytes, at least one character, no NUL. The server would
 * cut a longer name short and only notice it in a notice, which makes two names out of one.
 */
import {buildError} from './errors';

/** NAMEDATALEN - 1 (src/include/pg_config_manual.h). */
const MAX_IDENTIFIER_BYTES = 63;

/**
 * Quotes a name for Postgres: `a"b` becomes `"a""b"`.
 *
 * @throws {Error} `SQL_INVALID_IDENTIFIER` if the name is empty, is longer than 63 bytes in UTF-8, or has
 *   a NUL character or half of a surrogate pair.
 */
export function escapeIdentifier(name: string): string {
  checkIdentifier(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** Throws unless the server can have an object of this name. */
export function checkIdentifier(name: string): void {
  if (name === '') {
    throw invalid('An identifier must have at least one character, but this one is empty.');
  }
  const nul = name.indexOf('\0');
  if (nul !== -1) {
    throw invalid(`An identifier has a NUL character at index ${nul}; Postgres cannot store one.`);
  }
  const bytes = utf8Length(name);
  if (bytes > MAX_IDENTIFIER_BYTES) {
    throw invalid(
      `The identifier ${JSON.stringify(name.slice(0, 80))} is ${bytes} bytes long in UTF-8. ` +
        `Postgres keeps ${MAX_IDENTIFIER_BYTES} bytes of a name and would silently cut this one: use a shorter name.`,
    );
  }
}

function invalid(message: string): Error {
  return buildError('SQL_INVALID_IDENTIFIER', message);
}

/** The length in UTF-8. Throws at half of a surrogate pair, which has no encoding. */
function utf8Length(name: string): number {
  let bytes = 0;
  let index = 0;
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) {
      throw invalid(
        `An identifier has half of a surrogate pair at index ${index}; it is not valid Unicode.`,
      );
    }
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    index += character.length;
  }
  return bytes;
}

/**
 * Names for the identifiers that are no strings: `__local_0__`, `__local_1__` ..., the same for the same
 * object within one query, in the order of first use.
 */
export class LocalNames {
  readonly #names = new Map<unknown, string>();

  nameOf(key: unknown): string {
    let name = this.#names.get(key);
    if (name === undefined) {
      name = `__local_${this.#names.size}__`;
      this.#names.set(key, name);
    }
    return name;
  }
}
