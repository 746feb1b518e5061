import assert from 'node:assert/strict';
import {inspect} from 'node:util';
import {describe, test} from 'node:test';
import sql = require('./index');

const format = (query: sql.SQLQuery): unknown => {
  const {text, values} = query.format(sql.pgFormat);
  return [text, ...values];
};

/** Calls the tag as a function, as JavaScript can and TypeScript would not let us. */
const called = (...parameters: readonly unknown[]): unknown =>
  Reflect.apply(sql, undefined, parameters);

describe('what is put into a template', () => {
  test('is a parameter', () => {
    const date = new Date(0);
    assert.deepEqual(format(sql`SELECT ${1}, ${'a'}, ${null}, ${date}, ${[1]}`), [
      'SELECT $1, $2, $3, $4, $5',
      1,
      'a',
      null,
      date,
      [1],
    ]);
  });

  test('is text if it is a query', () => {
    const condition = sql`a = ${1} AND ${sql.ident('b')} = ${2}`;
    assert.deepEqual(format(sql`SELECT ${0} WHERE ${condition} OR c = ${3}`), [
      'SELECT $1 WHERE a = $2 AND "b" = $3 OR c = $4',
      0,
      1,
      2,
      3,
    ]);
  });

  test('is a decimal string if it is a bigint', () => {
    assert.deepEqual(format(sql`SELECT ${2n ** 63n}`), ['SELECT $1', '9223372036854775808']);
    assert.deepEqual(format(sql`SELECT ${sql`b`}, ${1n}`), ['SELECT b, $1', '1']);
  });

  test('is what its registered formatter makes of it, for subclasses too', () => {
    class Point {
      constructor(
        readonly x: number,
        readonly y: number,
      ) {}
    }
    class NamedPoint extends Point {}
    let calls = 0;
    sql.registerFormatter(Point, (point) => {
      calls++;
      return sql`point(${point.x}, ${point.y})`;
    });
    assert.deepEqual(format(sql`SELECT ${new NamedPoint(1, 2)}, ${3}`), [
      'SELECT point($1, $2), $3',
      1,
      2,
      3,
    ]);
    assert.equal(calls, 1);
    assert.deepEqual(format(sql.value(new Point(1, 2))), ['point($1, $2)', 1, 2]);
    sql.registerFormatter(NamedPoint, () => sql`named`);
    assert.deepEqual(format(sql`${new NamedPoint(1, 2)} ${new Point(1, 2)}`), [
      'named point($1, $2)',
      1,
      2,
    ]);
  });

  test('fails if its formatter makes no query', () => {
    class Text {
      text = '';
    }
    Reflect.apply(sql.registerFormatter, undefined, [Text, () => 'DROP TABLE t']);
    assert.throws(() => sql`SELECT ${new Text()}`, {
      name: 'TypeError',
      code: 'SQL_INVALID_FORMATTER',
      message: /returned a string/,
    });
    assert.throws(() => Reflect.apply(sql.registerFormatter, undefined, [{}, () => sql``]), {
      code: 'SQL_INVALID_FORMATTER',
    });
  });

  test('through sql.value is the same', () => {
    assert.deepEqual(format(sql.value(1n)), ['$1', '1']);
    assert.deepEqual(format(sql.value('a')), ['$1', 'a']);
    assert.deepEqual(format(sql.value(sql`b`)), ['b']);
  });
});

describe('the tag called as a function', () => {
  const refused = {name: 'TypeError', code: 'SQL_NOT_A_TEMPLATE', message: /template tag/};

  test('refuses text', () => {
    assert.throws(() => called('DROP TABLE users'), refused);
    assert.throws(() => called(), refused);
    assert.throws(() => called(null), refused);
  });

  test('refuses whatever JSON or a query string can hold', () => {
    assert.throws(() => called(['DROP TABLE users']), refused);
    assert.throws(() => called({0: 'DROP TABLE users', length: 1, raw: ['']}), refused);
    assert.throws(() => called(Object.assign(['DROP TABLE users'], {raw: ['']})), refused);
    assert.throws(() => called(Object.freeze(['DROP TABLE users'])), refused);
  });

  test('takes what TypeScript makes of templates for ES5, and freezes it', () => {
    // As __makeTemplateObject of tslib does.
    const strings = ['SELECT ', ''];
    Object.defineProperty(strings, 'raw', {value: ['SELECT ', '']});
    const query = called(strings, 1);
    assert.ok(sql.isSqlQuery(query));
    assert.deepEqual(format(query), ['SELECT $1', 1]);
    assert.ok(Object.isFrozen(strings));
  });

  test('takes what Babel makes of them', () => {
    const strings = ['SELECT ', ''];
    Object.freeze(Object.defineProperties(strings, {raw: {value: Object.freeze([...strings])}}));
    assert.deepEqual(format(Reflect.apply(sql, undefined, [strings, 1])), ['SELECT $1', 1]);
  });
});

test('an escape sequence JavaScript cannot read is an error, not the text "undefined"', () => {
  assert.throws(() => sql`SELECT E'\u'`, {
    code: 'SQL_NOT_A_TEMPLATE',
    message: /Double its backslash/,
  });
});

const find = (id: unknown): sql.SQLQuery => sql`SELECT * FROM t WHERE id = ${id}`;

describe('a flat query', () => {
  test('shows the strings of its template, the same ones each time, and its values', () => {
    assert.deepEqual(find(1).strings, ['SELECT * FROM t WHERE id = ', '']);
    assert.equal(find(1).strings, find(2).strings);
    assert.deepEqual(find(5n).values, ['5']);
    assert.deepEqual(find({a: 1}).values, [{a: 1}]);
  });

  test('is flat no more once a query is put in', () => {
    const query = find(sql.value(1));
    assert.equal(query.strings, undefined);
    assert.deepEqual(query.values, []);
    assert.equal(sql.ident('a').strings, undefined);
  });
});

describe('queries', () => {
  test('are told from their like by a mark JSON cannot carry', () => {
    assert.ok(sql.isSqlQuery(sql`a`));
    for (const other of [null, undefined, 'a', {}, [], {strings: [''], values: []}, sql]) {
      assert.equal(sql.isSqlQuery(other), false);
    }
  });

  test('compare by what they are made of, formatted or not', () => {
    const [formatted, other, different] = ['a', 'a', 'b'].map(
      (name) => sql`SELECT ${sql.ident(name)}, ${1}`,
    );
    assert.ok(formatted !== undefined);
    format(formatted);
    assert.deepEqual(formatted, other);
    assert.notDeepEqual(formatted, different);
  });

  test('show no values when inspected', () => {
    assert.equal(inspect(sql`SELECT ${'secret'}, ${sql.ident('a')}`), 'sql`SELECT $1, "a"`');
  });

  test('may be nested as deeply as a loop can', () => {
    let query = sql`SELECT 1`;
    for (let i = 0; i < 50_000; i++) query = sql`${query}+${i}`;
    assert.equal(query.format(sql.pgFormat).values.length, 50_000);
  });
});

describe('text from elsewhere', () => {
  test('comes in through __dangerous__rawValue, which takes nothing but strings', () => {
    assert.deepEqual(format(sql`a ${sql.__dangerous__rawValue('b')}`), ['a b']);
    for (const other of [5, undefined, ['a'], sql`a`]) {
      assert.throws(() => Reflect.apply(sql.__dangerous__rawValue, undefined, [other]), {
        name: 'TypeError',
        code: 'SQL_INVALID_ARGUMENT',
      });
    }
  });

  test('comes in through __dangerous__constructFromParts, which checks its items', () => {
    const query = sql`a ${1} ${sql.ident('b')}`;
    assert.deepEqual(
      format(sql.__dangerous__constructFromParts(query.format((items) => items))),
      format(query),
    );
    for (const parts of ['a', [{type: 3}], [{type: 0, text: 1}]]) {
      assert.throws(() => Reflect.apply(sql.__dangerous__constructFromParts, undefined, [parts]), {
        code: 'SQL_INVALID_ARGUMENT',
      });
    }
  });
});
