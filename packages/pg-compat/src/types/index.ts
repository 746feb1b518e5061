/** `pg.types`: how values are read, for the whole process. A pool, client or query may have parsers of its own. */
import {arrayParser} from './array';
import {builtins} from './builtins';
import type {TextParser} from './text-parser';
import {defaultTextParsers} from './text-parsers';

export type {TextParser} from './text-parser';

export type TypeFormat = 'text' | 'binary';

/** What `types` of a configuration has to be. */
export interface CustomTypesConfig {
  getTypeParser(oid: number, format?: TypeFormat): TextParser;
}

const asString: TextParser<string> = String;

const parsers: Record<TypeFormat, Map<number, TextParser>> = {
  text: defaultTextParsers(),
  // Results are always asked for as text; parsers of the other format are kept for whoever looks for them.
  binary: new Map(),
};

/** The parser of a type; one that gives the text where there is none. */
export function getTypeParser(oid: number, format: TypeFormat = 'text'): TextParser {
  return parsers[format].get(oid) ?? asString;
}

export function setTypeParser(oid: number, parse: TextParser): void;
export function setTypeParser(oid: number, format: TypeFormat, parse: TextParser): void;
export function setTypeParser(
  oid: number,
  format: TypeFormat | TextParser,
  parse?: TextParser,
): void {
  if (typeof format === 'function') parsers.text.set(oid, format);
  else if (parse !== undefined) parsers[format].set(oid, parse);
}

export {arrayParser, builtins};
