/** `pg.TypeOverrides`: parsers of one client, in front of those of its configuration or of the process. */
import * as types from './types';
import type {CustomTypesConfig, TextParser, TypeFormat} from './types';

export class TypeOverrides implements CustomTypesConfig {
  readonly text: Record<number, TextParser> = {};
  readonly binary: Record<number, TextParser> = {};
  readonly #types: CustomTypesConfig;

  constructor(userTypes: CustomTypesConfig = types) {
    this.#types = userTypes;
  }

  setTypeParser(oid: number, parse: TextParser): void;
  setTypeParser(oid: number, format: TypeFormat, parse: TextParser): void;
  setTypeParser(oid: number, format: TypeFormat | TextParser, parse?: TextParser): void {
    if (typeof format === 'function') this.text[oid] = format;
    else if (parse !== undefined) this[format][oid] = parse;
  }

  getTypeParser(oid: number, format: TypeFormat = 'text'): TextParser {
    return this[format][oid] ?? this.#types.getTypeParser(oid, format);
  }
}
