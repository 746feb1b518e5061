import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {parseComposite} from './composite';

function print(field: string | null): string {
  return field === null ? '' : `"${field.replaceAll(/["\\]/g, '$&$&')}"`;
}

test('NULL and the empty string differ', () => {
  assert.deepEqual(parseComposite('(a,,"")'), ['a', null, '']);
  assert.deepEqual(parseComposite('(,)'), [null, null]);
  assert.deepEqual(parseComposite('()'), [null]);
});

test('quotes and backslashes are undone', () => {
  // select row(E'say "x" \\ y', 'a,b', '(c)')
  assert.deepEqual(parseComposite('("say ""x"" \\\\ y","a,b",(c)'.replace(',(c)', ',"(c)")')), [
    'say "x" \\ y',
    'a,b',
    '(c)',
  ]);
  assert.deepEqual(parseComposite('(a\\,b,c\\"d)'), ['a,b', 'c"d']);
});

test('whatever record_out prints is read back', () => {
  const fields = fc.array(
    fc.option(fc.string({unit: fc.constantFrom('a', '"', '\\', ',', '(', ')', ' ', 'é')})),
    {
      minLength: 1,
    },
  );
  fc.assert(
    fc.property(fields, (row) => {
      assert.deepEqual(parseComposite(`(${row.map(print).join(',')})`), row);
    }),
  );
});

test('what is not a row value is an error', () => {
  for (const text of ['', '(', ')', 'a', '(a', 'a)', '("a)', '(a\\)', '(a)b)', '(a(b)']) {
    assert.throws(() => parseComposite(text), {code: 'PG_VALUE_MALFORMED'}, text);
  }
});
