/** Numbers the parameters of one statement of many from $1 on, as if it stood alone. */
import {tokenize} from '@databases/sql/lexer';

export interface RenumberedStatement {
  readonly text: string;
  /** For each parameter of the new text the index of its value in the whole query. */
  readonly valueIndexes: readonly number[];
}

export function renumberParameters(text: string): RenumberedStatement {
  const valueIndexes: number[] = [];
  let renumbered = '';
  let copied = 0;
  for (const token of tokenize(text)) {
    if (token.kind !== 'parameter') continue;
    const index = Number(text.slice(token.start + 1, token.end)) - 1;
    let position = valueIndexes.indexOf(index);
    if (position === -1) position = valueIndexes.push(index) - 1;
    renumbered += `${text.slice(copied, token.start)}$${position + 1}`;
    copied = token.end;
  }
  return {text: renumbered + text.slice(copied), valueIndexes};
}
