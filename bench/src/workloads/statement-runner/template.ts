/**
 * A text with `$1`, `$2`, ... as the template that a tag is called with. It is the same array at each use, as
 * that of a template in source is, because that is what peers with a tag recognise a statement by.
 */
export function templateOf(text: string): TemplateStringsArray {
  const parts = text.split(/\$\d+/);
  return Object.freeze(Object.assign([...parts], {raw: Object.freeze(parts)}));
}
