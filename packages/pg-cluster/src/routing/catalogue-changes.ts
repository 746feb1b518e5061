/** Pure: whether a text adds, changes or removes something that the catalogue knows, or may. In doubt it does. */
import {splitStatements} from '@databases/sql/lexer';

const FIRST_WORDS = /\b(?:create|alter|drop|do|call|import|security)\b/i;
const CHANGES = /^(?:create|alter|drop|import|security)$/i;
/** Behind space and comments; one that is nested is left for the doubt. */
const FIRST_WORD = /^(?:\s|--[^\r\n]*(?:[\r\n]|$)|\/\*(?:(?!\/\*)[^])*?\*\/)*([a-z]*)/i;
/** What never is on a replica, or changes no effects: made often, and by itself no reason to read the catalogue. */
const CHANGES_NOTHING = /^create\s+(?:temp|temporary|index|unique)\b/i;

/**
 * - `certain`: it changes the catalogue, or cannot be read.
 * - `possible`: it runs code of the database, which may do anything. Most of that never touches the catalogue.
 */
export type CatalogueChange = 'certain' | 'possible' | 'none';

const RUNS_CODE = /^(?:do|call)$/i;

export function changeOfCatalogue(text: string): CatalogueChange {
  // Most texts have none of the words anywhere.
  if (!FIRST_WORDS.test(text)) return 'none';
  let change: CatalogueChange = 'none';
  for (const {start, end} of splitStatements(text)) {
    change = worseChange(change, changeOf(text.slice(start, end)));
  }
  return change;
}

export function worseChange(one: CatalogueChange, other: CatalogueChange): CatalogueChange {
  if (one === 'certain' || other === 'certain') return 'certain';
  return one === 'none' ? other : one;
}

function changeOf(statement: string): CatalogueChange {
  const [skipped = '', word = ''] = FIRST_WORD.exec(statement) ?? [];
  if (RUNS_CODE.test(word)) return 'possible';
  if (word !== '' && !CHANGES.test(word)) return 'none';
  return CHANGES_NOTHING.test(statement.slice(skipped.length - word.length)) ? 'none' : 'certain';
}
