/** COPY: whether it does nothing but send rows to the client. */
import type {SignificantToken} from './significant-tokens';

/**
 * What makes it something else than `COPY (query) TO STDOUT` or `COPY table TO STDOUT`, or undefined. A column list
 * counts as something else: COPY (SELECT a, b FROM t) TO STDOUT says the same.
 */
export function isDeniedCopy(tokens: readonly SignificantToken[]): SignificantToken | undefined {
  const [copy] = tokens;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'leftParen') depth++;
    else if (token.kind === 'rightParen') depth--;
    else if (depth === 0 && token.kind === 'word' && token.name === 'to') {
      const target = tokens[index + 1];
      return target?.kind === 'word' && target.name === 'stdout' ? undefined : (target ?? token);
    } else if (depth === 0 && token.kind === 'word' && token.name === 'from') {
      return token;
    }
  }
  return copy;
}
