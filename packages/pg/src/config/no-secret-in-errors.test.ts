/**
 * Whatever is wrong with a connection string, the error shows no piece of the password in it.
 *
 * The passwords are made of words that occur nowhere else, joined by the characters that make parsers go astray, so
 * that a message which shows only a part of a misread password is found out too.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {inspect} from 'node:util';
import * as fc from 'fast-check';
import {ConfigurationError} from '../errors';
import {describeTarget, parseConnectionString, resolveConfig} from '.';
import type {ConfigSources} from '.';

const word = fc.stringMatching(/^[a-z]{4}[0-9][a-z]{4}$/).map((text) => `q${text}q`);
const astray = fc.constantFrom(
  '@',
  '/',
  '?',
  '#',
  '%',
  ':',
  ' ',
  '&',
  '=',
  '+',
  ',',
  '[',
  ']',
  '%zz',
  '%00',
  '%ff',
  '//',
  '\n',
  "'",
  '"',
  '\\',
  '?a=',
  '&sslmode=',
  '@h:',
  ':1/',
  '=1&',
  '/db?x=',
);
const password = fc
  .tuple(word, fc.array(fc.tuple(astray, word), {minLength: 1, maxLength: 4}))
  .map(([first, rest]) => ({
    text: first + rest.map(([separator, next]) => separator + next).join(''),
    words: [first, ...rest.map(([, next]) => next)],
  }));

type Shape = (password: string) => string;

const cutAtHash: Shape = (secret) => `postgres://user:${secret}`;
const shapes: Readonly<Record<string, Shape>> = {
  'in a URL': (secret) => `postgres://user:${secret}@host:5432/db`,
  'without a user': (secret) => `postgres://:${secret}@host/db`,
  'with several hosts': (secret) => `postgres://user:${secret}@h1:1,[::1]:2/db`,
  'before a bad port': (secret) => `postgres://user:${secret}@host:port/db`,
  'before an unclosed bracket': (secret) => `postgres://user:${secret}@[::1/db`,
  'before a bad escape': (secret) => `postgres://user:${secret}@host/d%zb`,
  'before an unknown parameter': (secret) => `postgres://user:${secret}@host/db?sslmod=require`,
  'before a bad value': (secret) => `postgres://user:${secret}@host/db?sslmode=REQUIRE`,
  'before a doubled parameter': (secret) => `postgres://user:${secret}@h/db?host=a&host=b`,
  'before too many ports': (secret) => `postgres://user:${secret}@h:1/db?port=1,2`,
  'as a parameter': (secret) => `postgres://user@host/db?password=${secret}&x=1`,
  'as a certificate password': (secret) => `postgres://u:p@h/db?sslpassword=${secret}&sslmode=x`,
  'with the scheme of another client': (secret) => `mysql://user:${secret}@host/db`,
  'with white space first': (secret) => ` postgres://user:${secret}@host/db`,
  'in quotes': (secret) => `"postgres://user:${secret}@host/db"`,
  'for JDBC': (secret) => `jdbc:postgresql://host/db?user=u&password=${secret}`,
  'without a scheme': (secret) => `user:${secret}@host/db`,
  'as keyword=value': (secret) => `host=h password=${secret} user=u sslmode=x`,
  'as keyword=value, first': (secret) => `password=${secret} host=h port=x`,
  'as keyword=value in quotes': (secret) => `host=h password='${secret}' x=1`,
  'as keyword=value with an unclosed quote': (secret) => `host=h password='${secret}`,
};

const sources: ConfigSources = {
  env: {},
  readFile: () => undefined,
  homedir: '/home/me',
  username: 'me',
};

function shown(value: unknown): string {
  return inspect(value, {depth: 9, showHidden: true}) + JSON.stringify(value);
}

for (const [name, shape] of Object.entries(shapes))
  test(`no error shows a piece of a password ${name}`, () => {
    let refused = 0;
    fc.assert(
      fc.property(password, ({text, words}) => {
        const input = shape(text);
        for (const attempt of [
          () => resolveConfig(input, sources),
          () => resolveConfig({host: 'elsewhere', connectionString: input}, sources),
          () => resolveConfig({}, {...sources, env: {DATABASE_URL: input}}),
          () => parseConnectionString(input),
        ])
          try {
            attempt();
          } catch (error) {
            refused++;
            assert.ok(error instanceof ConfigurationError, String(error));
            const all = [error.message, error.source, error.stack, shown(error)].join('\n');
            for (const piece of words) assert.ok(!all.includes(piece), all);
          }
      }),
      {numRuns: 150},
    );
    assert.ok(refused > 0, 'this shape is never refused, so that the test shows nothing');
  });

test('a URL that was cut short inside the password shows no piece of it', () => {
  fc.assert(
    fc.property(password, ({text, words}) => {
      try {
        resolveConfig(cutAtHash(text.split('#')[0] ?? ''), sources);
      } catch (error) {
        for (const piece of words) assert.ok(!shown(error).includes(piece), shown(error));
      }
    }),
    {numRuns: 300},
  );
});

test('an escaped password arrives as it is and shows nowhere', () => {
  fc.assert(
    fc.property(password, fc.string({unit: 'grapheme'}), ({text, words}, noise) => {
      const secret = (text + noise).replaceAll('\0', '');
      const input = `postgres://user:${encodeURIComponent(secret)}@host/db`;
      const config = resolveConfig(input, sources);
      assert.equal(config.password, secret);
      assert.equal(parseConnectionString(input).password, secret);
      const all =
        shown(config) +
        shown({...config}) +
        describeTarget(config) +
        shown(parseConnectionString(input));
      for (const piece of words) assert.ok(!all.includes(piece), all);
    }),
  );
});

test('a raw password without / or % or a space arrives as it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!-$&-.0-9;->A-~]+[!-$&-.0-9;->A-Z^-~]$/), (secret) => {
      // After a raw "@" a "?" ends the host: libpq's rule, which keeps ?user=a@b readable.
      fc.pre(!/@.*\?/.test(secret));
      assert.equal(resolveConfig(`postgres://u:${secret}@host/db`, sources).password, secret);
    }),
  );
});
