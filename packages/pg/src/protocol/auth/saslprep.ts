/**
 * SASLprep (RFC 4013): the form in which a password enters SCRAM.
 *
 * It follows Postgres' `pg_saslprep` where that differs from the RFC, because both sides must come to the
 * same bytes: ASCII stays as it is, controls included; the prohibitions are looked for before the
 * normalisation; and a password that is prohibited, or empty once prepared, is used as it is.
 */
import type * as Tables from './saslprep-tables.generated';

/** Whether the code point is in one of the ranges, which are sorted pairs. */
function isIn(ranges: readonly number[], codePoint: number): boolean {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (codePoint < (ranges[2 * middle] ?? 0)) high = middle;
    else if (codePoint > (ranges[2 * middle + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}

// RFC 4013 section 2.1.
function map(
  {mappedToNothing, nonAsciiSpaces}: typeof Tables,
  codePoints: readonly number[],
): number[] {
  const mapped: number[] = [];
  for (const codePoint of codePoints) {
    if (isIn(nonAsciiSpaces, codePoint)) mapped.push(0x20);
    else if (!isIn(mappedToNothing, codePoint)) mapped.push(codePoint);
  }
  return mapped;
}

// RFC 3454 section 6: right-to-left text neither mixes with left-to-right nor starts or ends otherwise.
function isBidiConsistent(
  {leftToRight, rightToLeft}: typeof Tables,
  codePoints: readonly number[],
): boolean {
  if (!codePoints.some((codePoint) => isIn(rightToLeft, codePoint))) return true;
  const first = codePoints[0] ?? 0;
  const last = codePoints[codePoints.length - 1] ?? 0;
  return (
    isIn(rightToLeft, first) &&
    isIn(rightToLeft, last) &&
    !codePoints.some((codePoint) => isIn(leftToRight, codePoint))
  );
}

/** The password as SCRAM hashes it. Never fails: what cannot be prepared is returned as it is. */
export function saslprep(password: string): string {
  // oxlint-disable-next-line no-control-regex -- all of ASCII is meant
  if (/^[\x00-\x7f]*$/.test(password)) return password;
  // Loaded for passwords that need them: most are ASCII.
  const tables: typeof Tables = require('./saslprep-tables.generated');
  const {prohibited, unassigned} = tables;
  const mapped = map(
    tables,
    Array.from(password, (character) => character.codePointAt(0) ?? 0),
  );
  const isPrepared =
    mapped.length > 0 &&
    !mapped.some((codePoint) => isIn(prohibited, codePoint) || isIn(unassigned, codePoint)) &&
    isBidiConsistent(tables, mapped);
  if (!isPrepared) return password;
  return mapped
    .map((codePoint) => String.fromCodePoint(codePoint))
    .join('')
    .normalize('NFKC');
}
