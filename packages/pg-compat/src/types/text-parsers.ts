/** How each built-in type is read unless a program says otherwise: what pg reads it as. All others are strings. */
import {arrayOf} from './array';
import {parseDate} from './date';
import {parseInterval} from './interval';
import type {TextParser} from './text-parser';

const asItIs: TextParser<string> = (text) => text;
const parseInteger: TextParser<number> = (text) => Number.parseInt(text, 10);
const parseBool: TextParser<boolean> = (text) =>
  ['t', 'true', 'TRUE', 'y', 'yes', 'on', '1'].includes(text);
const parseJson: TextParser = (text) => JSON.parse(text);

/** `hex`, and the format `escape` of before. */
function parseBytea(text: string): Buffer {
  if (text.startsWith(String.raw`\x`)) return Buffer.from(text.slice(2), 'hex');
  const bytes = text.replace(/\\(?:(\\)|(\d{3}))/g, (_, backslash: string | undefined, octal) =>
    backslash === undefined ? String.fromCodePoint(Number.parseInt(String(octal), 8)) : backslash,
  );
  return Buffer.from(bytes, 'latin1');
}

function parsePoint(text: string): {x: number; y: number} | null {
  const [, x, y] = /^\(([^,]+),([^,]+)\)$/.exec(text) ?? [];
  return x === undefined || y === undefined
    ? null
    : {x: Number.parseFloat(x), y: Number.parseFloat(y)};
}

function parseCircle(text: string): {x: number; y: number; radius: number} | null {
  const [, center = '', radius = ''] = /^<(\(.*\)),([^,]+)>$/.exec(text) ?? [];
  const point = parsePoint(center);
  return point === null ? null : {...point, radius: Number.parseFloat(radius)};
}

/** By OID, with the OID of the array type where pg reads it. */
const SCALARS: readonly (readonly [type: number, array: number | undefined, TextParser])[] = [
  [16, 1000, parseBool],
  [17, 1001, parseBytea],
  [20, 1016, asItIs], // int8: a number would round
  [21, 1005, parseInteger],
  [23, 1007, parseInteger],
  [26, 1028, parseInteger],
  [114, 199, parseJson],
  [3802, 3807, parseJson],
  [600, 1017, parsePoint],
  [700, 1021, Number.parseFloat],
  [701, 1022, Number.parseFloat],
  [718, undefined, parseCircle],
  [1082, 1182, parseDate],
  [1114, 1115, parseDate],
  [1184, 1185, parseDate],
  [1186, 1187, parseInterval],
];

/** char, varchar, text, bpchar, cidr, macaddr, inet, uuid, money, time, timetz, numrange. */
const ARRAYS_OF_STRINGS = [1014, 1015, 1008, 1009, 651, 1040, 1041, 2951, 791, 1183, 1270, 3907];

/** numeric is a string, but numeric[] are numbers: so it is in pg. */
const NUMERIC_ARRAY = 1231;

export function defaultTextParsers(): Map<number, TextParser> {
  const parsers = new Map<number, TextParser>();
  for (const [type, array, parser] of SCALARS) {
    parsers.set(type, parser);
    if (array !== undefined) parsers.set(array, arrayOf(parser));
  }
  for (const array of ARRAYS_OF_STRINGS) parsers.set(array, arrayOf());
  parsers.set(NUMERIC_ARRAY, arrayOf(Number.parseFloat));
  return parsers;
}
