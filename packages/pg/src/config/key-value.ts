/**
 * Reads `host=localhost dbname='my db'`: docs "Keyword/Value Connection Strings", libpq's conninfo_parse().
 *
 * It knows the keywords only to catch a slip that libpq lets pass (`dbname= user=me` asks for a database named
 * "user=me"). No message contains a value, nor a keyword that may be a piece of a password.
 */
import {parameterByKeyword, secretKeywords} from './parameters';
import {invalid} from './settings';
import type {Provenance} from './settings';

export interface KeyValueParameter {
  readonly name: string;
  readonly value: string;
  readonly position: number;
  readonly nameIsSafeToShow: boolean;
}

export function parseKeyValue(text: string, from: Provenance): KeyValueParameter[] {
  if (text.includes('\0')) throw invalid(from, 'there is a zero character in it.');
  const found: KeyValueParameter[] = [];
  let index = skipSpace(text, 0);
  while (index < text.length) {
    const previous = found.at(-1)?.name;
    const secretBefore = found.some((one) => secretKeywords.has(one.name));
    const nameEnd = scan(text, index, (c) => c === '=' || isSpace(c));
    const name = text.slice(index, nameEnd);
    const equals = skipSpace(text, nameEnd);
    if (text[equals] !== '=')
      throw invalid(
        from,
        previous === undefined || !parameterByKeyword.has(previous)
          ? 'it is neither a postgres:// address nor a list like "host=localhost dbname=app".'
          : `after the value of "${previous}" comes a word without "=". A value with spaces needs single quotes around it.`,
      );
    const start = skipSpace(text, equals + 1);
    const {value, end} =
      text[start] === "'" ? quoted(text, start + 1, name, from) : bare(text, start);
    if (start > equals + 1 && startsWithKeyword(text.slice(start, end)))
      throw invalid(
        from,
        `"${name}=" is followed by a space and the next keyword, so that Postgres' own programs would take that for its value. Write ${name}='' for an empty value.`,
      );
    found.push({
      name,
      value,
      position: found.length + 1,
      nameIsSafeToShow: !secretBefore,
    });
    index = skipSpace(text, end);
  }
  return found;
}

function bare(text: string, start: number): {value: string; end: number} {
  let value = '';
  let index = start;
  while (index < text.length && !isSpace(text.charAt(index))) {
    if (text[index] === '\\') index++;
    value += text.charAt(index);
    index++;
  }
  return {value, end: Math.min(index, text.length)};
}

function quoted(
  text: string,
  start: number,
  name: string,
  from: Provenance,
): {value: string; end: number} {
  let value = '';
  for (let index = start; index < text.length; index++) {
    if (text[index] === "'") return {value, end: index + 1};
    if (text[index] === '\\') index++;
    value += text.charAt(index);
  }
  throw invalid(
    from,
    parameterByKeyword.has(name)
      ? `the quote that begins the value of "${name}" is never closed. Inside quotes write ' as \\'.`
      : `a quote is never closed. Inside quotes write ' as \\'.`,
  );
}

function startsWithKeyword(value: string): boolean {
  const equals = value.indexOf('=');
  return equals !== -1 && parameterByKeyword.has(value.slice(0, equals));
}

function skipSpace(text: string, start: number): number {
  return scan(text, start, (c) => !isSpace(c));
}

function scan(text: string, start: number, stop: (character: string) => boolean): number {
  let index = start;
  while (index < text.length && !stop(text.charAt(index))) index++;
  return index;
}

// C's isspace() in the C locale.
function isSpace(character: string): boolean {
  return /^[ \t\n\v\f\r]$/.test(character);
}
