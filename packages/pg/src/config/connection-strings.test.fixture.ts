/**
 * Connection strings of every kind, for comparing readers: from the grammar of URIs and of keyword=value, with pieces
 * that are wrong in all the ways people get them wrong, then broken further at random places.
 */
import * as fc from 'fast-check';
import {parameters} from './parameters';

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const pick = (...choices: string[]): fc.Arbitrary<string> => fc.constantFrom(...choices);
const some = (
  weight: number,
  one: fc.Arbitrary<string>,
): {weight: number; arbitrary: fc.Arbitrary<string>} => ({weight, arbitrary: one});
const join = (...pieces: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...pieces).map((texts) => texts.join(''));
const list = (
  one: fc.Arbitrary<string>,
  separator: string,
  maxLength: number,
): fc.Arbitrary<string> => fc.array(one, {maxLength}).map((all) => all.join(separator));

const odd = fc.oneof(
  pick('%40', '%2F', '%25', '%20', '%c3%a9', '%00', '%ff', '%zz', '%4', '%', '+', '#', 'é', '日本'),
  fc.stringMatching(/^[ @/?:&=,[\]'"\\;\n\t!~]$/),
);
const text = fc.oneof(some(6, word), some(1, pick('')), some(3, list(fc.oneof(word, odd), '', 4)));

const keyword = fc.oneof(
  some(8, pick(...parameters.map((parameter) => parameter.keyword))),
  some(2, pick('ssl', 'requiressl', 'schema', 'pgbouncer', 'connection_limit', 'tty', 'max')),
  some(1, pick('', 'nope', 'Host', 'HOST', 'h%6Fst', 'ho st', 'host ', 'sslmodes')),
  some(1, text),
);
const value = fc.oneof(
  some(4, text),
  some(2, pick('true', 'false', '1', '0', 'require', '5432', '10')),
  some(1, pick('', 'a,b', '::1', '/tmp', '%2Ftmp', '1,2', ',')),
);

const name = fc.oneof(
  some(6, word),
  some(3, pick('', '10.0.0.1', '[::1]', '[fe80::1%25eth0]', '%2Ftmp', '%40abstract', 'a-b.c')),
  some(1, pick('[]', '[::1', '::1', '[::1]x', '[a]b', ']', '[[::1]]', '[a/b]', 'a b', '@x')),
);
const port = fc.oneof(
  some(5, pick('')),
  some(4, pick(':5432', ':1', ':65535', ':05432')),
  some(2, pick(':', ':0', ':65536', ':x', ':-1', ':5%34', ':5432x', ':1:2', ': 1')),
);
const userInfo = fc.oneof(
  some(3, pick('')),
  some(4, join(text, pick('@'))),
  some(5, join(text, pick(':'), text, pick('@'))),
  some(1, pick('u:p@@', 'u:p@ss@', 'u:p@x@[', 'u:p@x@]:x', 'u:p/x@', 'u:p/x@[', 'u:[@')),
);
const query = fc.oneof(
  some(4, pick('')),
  some(1, pick('?', '?&', '?=', '?a', '?host', '?a=b=c', '??', '?&&', '?host=a&&port=1')),
  some(1, pick('?ssl=true&sslmode=disable', '?sslmode=verify-full&ssl=true', '?requiressl=x')),
  some(5, join(pick('?'), list(join(keyword, pick('='), value), '&', 4), pick('', '', '', '&'))),
);
const uri = join(
  pick('postgres://', 'postgresql://'),
  userInfo,
  fc.oneof(some(5, join(name, port)), some(2, list(join(name, port), ',', 4))),
  fc.oneof(
    some(3, pick('')),
    some(1, pick('/', '//', '/a/b', '/d#x')),
    some(4, join(pick('/'), text)),
  ),
  query,
);

const space = pick(' ', ' ', ' ', '  ', '\t', '\n', '\v', '');
const bare = list(
  fc.oneof(word, pick('\\ ', '\\\\', "\\'", '=', '%20', 'é', "'", '@', '/')),
  '',
  3,
);
const quoted = list(fc.oneof(word, pick(' ', "\\'", '\\\\', '=', 'é', '\n', '\\a')), '', 3).map(
  (inside) => `'${inside}'`,
);
const pair = fc.oneof(
  some(
    12,
    join(
      keyword,
      pick('=', '=', '=', ' = ', '= ', ' ='),
      fc.oneof(some(3, word), some(2, bare), some(2, quoted), some(1, value)),
    ),
  ),
  some(
    1,
    pick('host', '=x', "host='a", 'host=', 'dbname= user=b', "host=''", 'host', "a='b'c", '\\'),
  ),
);
const keyValue = fc
  .array(fc.tuple(pair, space), {maxLength: 5})
  .map((pairs) => pairs.flat().join(''));

const noise = list(fc.oneof(word, odd, pick('postgres://', 'host=', '://', '@', '=')), '', 6);

interface Break {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const breaks = fc.array(
  fc.record({at: fc.nat({max: 80}), remove: fc.nat({max: 2}), insert: fc.oneof(odd, pick(''))}),
  {maxLength: 2},
);

function breakAt(whole: string, {at, remove, insert}: Break): string {
  const index = at % (whole.length + 1);
  return whole.slice(0, index) + insert + whole.slice(index + remove);
}

export const connectionString = fc
  .oneof(
    some(6, uri),
    some(3, keyValue),
    some(1, noise),
    some(
      3,
      fc.tuple(uri, breaks).map(([whole, all]) => all.reduce(breakAt, whole)),
    ),
    some(
      1,
      fc.tuple(keyValue, breaks).map(([whole, all]) => all.reduce(breakAt, whole)),
    ),
  )
  // C strings end there, and JSON carries no lone surrogates.
  .filter((one) => !one.includes('\0') && !/\p{Surrogate}/u.test(one));
