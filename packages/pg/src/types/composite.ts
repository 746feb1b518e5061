/**
 * Reads the text form of a row value, as record_out prints it (docs: "Composite Type Input and Output Syntax").
 *
 * Nothing between two commas is NULL, `""` is the empty string. Inside quotes a doubled quote is one quote; a
 * backslash takes the next character as it is, everywhere. Fields keep their text: their types are not in it.
 */
import {malformed} from './codec';

/**
 * The fields of a composite value in order, each as text, or null for NULL.
 * A row of one NULL and a row without fields are both printed `()`; the former is what is returned.
 * @throws {ValueError} PG_VALUE_MALFORMED if `text` is not a row value.
 */
export function parseComposite(text: string): (string | null)[] {
  const last = text.length - 1;
  if (last < 1 || text[0] !== '(' || text[last] !== ')') {
    throw malformed('composite', 'it is not between parentheses');
  }
  const fields: (string | null)[] = [];
  let i = 1;
  for (;;) {
    let field: string | null = null;
    let quoted = false;
    // Plain runs are taken as one slice, so the work is linear in the length.
    let run = i;
    for (; i < last; i++) {
      const c = text[i];
      if (c === '"') {
        field = (field ?? '') + text.slice(run, i);
        if (quoted && text[i + 1] === '"' && i + 1 < last) {
          field += '"';
          i++;
        } else quoted = !quoted;
        run = i + 1;
      } else if (c === '\\') {
        if (i + 1 >= last) throw malformed('composite', 'it ends in a backslash');
        field = (field ?? '') + text.slice(run, i) + (text[i + 1] ?? '');
        i++;
        run = i + 1;
      } else if (!quoted && c === ',') break;
      else if (!quoted && (c === ')' || c === '('))
        throw malformed('composite', 'a parenthesis is not quoted');
    }
    if (quoted) throw malformed('composite', 'a quote is not closed');
    fields.push(run < i ? (field ?? '') + text.slice(run, i) : field);
    if (i >= last) return fields;
    i++;
  }
}
