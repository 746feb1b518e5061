/**
 * Text of a setting -> a value of one kind, or an error that says which values there are.
 * Knows no keyword; the callers say what a value is for.
 */
import {invalid} from './settings';
import type {Setting} from './settings';
import {didYouMean} from './suggestion';

/** One of a closed list. Exact: libpq compares these with strcmp(), so `REQUIRE` and the empty text are errors. */
export function oneOf<const T extends string>(
  setting: Setting,
  keyword: string,
  choices: readonly T[],
): T {
  const found = choices.find((choice) => choice === setting.value);
  if (found !== undefined) return found;
  const given = setting.value === '' ? 'empty' : 'not one of them';
  throw invalid(
    setting.from,
    `${keyword} must be one of ${choices.join(', ')}; it is ${given}.${setting.value === '' ? '' : didYouMean(setting.value, choices)}`,
  );
}

/** A whole number as libpq's pqParseIntParam() reads it: 32 bits with sign, spaces around it. */
export function wholeNumber(setting: Setting, keyword: string, unit: string): number {
  const text = setting.value.trim();
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || value > 2_147_483_647 || value < -2_147_483_648)
    throw invalid(setting.from, `${keyword} must be a whole number${unit}.`);
  return value;
}

/** `1` or `0`. */
export function flag(setting: Setting, keyword: string): boolean {
  return oneOf(setting, keyword, ['0', '1']) === '1';
}
