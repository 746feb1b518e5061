/** Reads text arrays the way pg does: NULL stays null, elements are read one by one. */
import {parseArray} from '@databases/pg/raw';
import type {TextParser} from './text-parser';

/** A reader of arrays of what `parseElement` reads. */
export function arrayOf(parseElement?: TextParser): TextParser {
  return (text) => parseArray(text, parseElement);
}

/** `types.arrayParser` of pg. */
export const arrayParser = {
  create: (text: string, transform?: (element: string) => unknown) => ({
    parse: (): unknown[] => parseArray(text, transform),
  }),
};
