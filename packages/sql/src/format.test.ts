import assert from 'node:assert/strict';
import {describe, test} from 'node:test';
import sql = require('./index');

const questionMarks: sql.FormatConfig = {
  escapeIdentifier: (name) => `[${name}]`,
  formatValue: (value) => ({placeholder: '?', value: `<${String(value)}>`}),
};

const flat = (id: unknown): sql.SQLQuery => sql`SELECT * FROM t WHERE id = ${id}`;
const nested = (id: unknown): sql.SQLQuery => sql`SELECT * FROM ${sql.ident('t')} WHERE id = ${id}`;

for (const [name, query] of Object.entries({flat, nested})) {
  describe(`formatting a ${name} query`, () => {
    test('goes by the config', () => {
      assert.match(query(1).format(sql.pgFormat).text, /^SELECT \* FROM "?t"? WHERE id = \$1$/);
      const {text, values} = query(1).format(questionMarks);
      assert.match(text, /^SELECT \* FROM \[?t]? WHERE id = \?$/);
      assert.deepEqual(values, ['<1>']);
    });

    test('is done once per config, and nobody can change the result', () => {
      const one = query(1);
      const formatted = one.format(sql.pgFormat);
      assert.equal(one.format(sql.pgFormat), formatted);
      assert.notEqual(one.format(questionMarks), formatted);
      assert.throws(() => Reflect.apply(Array.prototype.push, formatted.values, [2]), TypeError);
      assert.ok(Object.isFrozen(formatted));
    });

    test('of one query says nothing of another one from the same place', () => {
      assert.deepEqual(query(1).format(sql.pgFormat).values, [1]);
      assert.deepEqual(query(2).format(sql.pgFormat).values, [2]);
    });

    test('asks the config about each value: a placeholder may depend on it', () => {
      const typed: sql.FormatConfig = {
        ...sql.pgFormat,
        formatValue: (value, index) => ({placeholder: `$${index + 1}::${typeof value}`, value}),
      };
      assert.match(query(1).format(typed).text, /\$1::number$/);
      assert.match(query('a').format(typed).text, /\$1::string$/);
      assert.match(query(1).format(typed).text, /\$1::number$/);
    });

    test('with a function gives it the items, once, frozen', () => {
      const one = query(1);
      let calls = 0;
      const read = (items: readonly sql.SQLItem[]): readonly sql.SQLItem[] => {
        calls++;
        return items;
      };
      const items = one.format(read);
      assert.equal(one.format(read), items);
      assert.equal(calls, 1);
      assert.deepEqual(items.at(-1), {type: sql.SQLItemType.VALUE, value: 1});
      assert.ok(Object.isFrozen(items) && items.every((item) => Object.isFrozen(item)));
    });
  });
}

test('the items keep the text as it was typed', () => {
  assert.deepEqual(
    sql`
  a ${1} ${sql.ident('b', 'c')} ${sql`d`} `.format((items) => items),
    [
      {type: 0, text: '\n  a '},
      {type: 1, value: 1},
      {type: 0, text: ' '},
      {type: 2, names: ['b', 'c']},
      {type: 0, text: ' '},
      {type: 0, text: 'd'},
      {type: 0, text: ' '},
    ],
  );
});

test('a config that is none is refused by name', () => {
  for (const config of [undefined, null, 'pg', {escapeIdentifier: () => ''}]) {
    // oxlint-disable-next-line typescript/unbound-method -- applied to a query
    assert.throws(() => Reflect.apply(sql`a`.format, sql`a`, [config]), {
      name: 'TypeError',
      code: 'SQL_INVALID_ARGUMENT',
      message: /escapeIdentifier, formatValue/,
    });
  }
});
