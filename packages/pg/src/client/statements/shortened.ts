/** How statements are shown in pictures and messages. */
import type {Step} from '../../connection';

export const MOST_TEXT_SHOWN = 500;

export function shownTexts(steps: readonly Step[]): string {
  // Of many, more than are shown are not looked at.
  const texts = steps.slice(0, 10).map(({statement}) => statement.text.slice(0, MOST_TEXT_SHOWN));
  return shortened(texts.join('; '), MOST_TEXT_SHOWN);
}

/** Enough of a statement, on one line, to know it by. */
export function shortened(text: string, mostCharacters: number): string {
  // What is cut off is not looked at: a statement may have megabytes.
  const line = text
    .slice(0, mostCharacters * 2)
    .replace(/\s+/g, ' ')
    .trim();
  const isWhole = text.length <= mostCharacters * 2 && line.length <= mostCharacters;
  return isWhole ? line : `${line.slice(0, mostCharacters)}…`;
}
