/** Pure: whether a text may add, change or remove something that the catalogue knows. In doubt it does. */
import {splitStatements} from '@databases/sql/lexer';

const FIRST_WORDS = /\b(?:create|alter|drop|do|call|import|security)\b/i;
const CHANGES = /^(?:create|alter|drop|do|call|import|security)$/i;
/** Behind space and comments; one that is nested is left for the doubt. */
const FIRST_WORD = /^(?:\s|--[^\r\n]*(?:[\r\n]|$)|\/\*(?:(?!\/\*)[^])*?\*\/)*([a-z]*)/i;
/** What never is on a replica, or changes no effects: made often, and by itself no reason to read the catalogue. */
const CHANGES_NOTHING = /^create\s+(?:temp|temporary|index|unique)\b/i;

export function changesCatalogue(text: string): boolean {
  // Most texts have none of the words anywhere.
  if (!FIRST_WORDS.test(text)) return false;
  return splitStatements(text).some(({start, end}) => changes(text.slice(start, end)));
}

function changes(statement: string): boolean {
  const [skipped = '', word = ''] = FIRST_WORD.exec(statement) ?? [];
  if (word !== '' && !CHANGES.test(word)) return false;
  return !CHANGES_NOTHING.test(statement.slice(skipped.length - word.length));
}
