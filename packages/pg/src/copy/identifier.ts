/**
 * The name that an identifier of SQL stands for: without its quotes, or in lower case.
 *
 * Only ASCII is folded: that is what the server does with UTF-8 (downcase_identifier in parser/scansup.c).
 */

/** Undefined for `U&"..."`, whose escapes are not read here. */
export function unquoteIdentifier(identifier: string): string | undefined {
  if (identifier.startsWith('"')) return identifier.slice(1, -1).replaceAll('""', '"');
  if (identifier.includes('"')) return undefined;
  return identifier.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
