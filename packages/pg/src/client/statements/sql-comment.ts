/**
 * What `sqlCommenter` says as a comment in the format of https://google.github.io/sqlcommenter/spec/: key='value' pairs,
 * percent-encoded and sorted.
 *
 * Whatever is in keys and values, nothing of them can end the comment or the quotes: `/` and `'` are encoded.
 */
import type {SqlCommenter} from '../../config';

/** A function that makes the comment of the query which is asked for at that moment; empty for none. */
export function commentWriter(commenter: SqlCommenter): () => string {
  return () => sqlComment(commenter());
}

export function sqlComment(pairs: Readonly<Record<string, string | undefined>> = {}): string {
  const written: string[] = [];
  for (const [key, value] of Object.entries(pairs)) {
    if (value !== undefined && value !== '') written.push(`${encode(key)}='${encode(value)}'`);
  }
  return written.length === 0 ? '' : `/*${written.sort().join(',')}*/`;
}

/** As RFC 3986 has it: what encodeURIComponent leaves are characters that mean something in SQL. */
function encode(text: string): string {
  // Half a surrogate pair cannot be encoded. It is not worth failing a query for.
  return encodeURIComponent(text.replace(HALF_PAIR, '\uFFFD')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const HALF_PAIR = /\p{Surrogate}/gu;
