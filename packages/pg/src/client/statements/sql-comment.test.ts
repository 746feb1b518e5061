import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {sqlComment} from './sql-comment';

test('pairs are sorted, and encoded as the specification has it', () => {
  const comment = sqlComment({
    traceparent: '00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01',
    route: '/param*d',
    name: "DROP TABLE FOO'",
    absent: undefined,
    empty: '',
  });
  assert.equal(
    comment,
    "/*name='DROP%20TABLE%20FOO%27',route='%2Fparam%2Ad',traceparent='00-5bd66ef5095369c7b0d1f8f4bd33716a-c532cb4098ac3dd2-01'*/",
  );
  assert.equal(sqlComment(undefined), '');
  assert.equal(sqlComment({absent: undefined}), '');
});

test('nothing in a key or value ends the comment, and all can be read back', () => {
  const texts = fc.string({unit: 'binary', minLength: 1});
  fc.assert(
    fc.property(texts, texts, (key, value) => {
      const comment = sqlComment({[key]: value});
      const inner = comment.slice(2, -2);
      assert.match(inner, /^[\w.~%-]+='[\w.~%-]+'$/);
      const [readKey = '', readValue = ''] = inner.slice(0, -1).split("='");
      assert.deepEqual([decodeURIComponent(readKey), decodeURIComponent(readValue)], [key, value]);
    }),
  );
  assert.equal(sqlComment({half: '\uD800'}), "/*half='%EF%BF%BD'*/");
});
