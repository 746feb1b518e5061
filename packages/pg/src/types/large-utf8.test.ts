import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {LARGE_BYTES, readLargeUtf8} from './large-utf8';
import {readUtf8} from './utf8';

function within(bytes: Buffer): {buffer: Buffer; start: number; end: number} {
  const buffer = Buffer.concat([Buffer.from('é<'), bytes, Buffer.from('>é')]);
  return {buffer, start: 3, end: 3 + bytes.length};
}

test('long text of any kind is read as it is', () => {
  const texts = fc
    .array(fc.tuple(fc.constantFrom('a', 'é', 'ж', '日', '😀', '\uFFFD'), fc.nat(2000)))
    .map((runs) => runs.map(([unit, count]) => unit.repeat(count)).join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const {buffer, start, end} = within(Buffer.from(text));
      assert.equal(readLargeUtf8(buffer, start, end), text);
      assert.equal(readUtf8(buffer, start, end), text);
    }),
    {numRuns: 200},
  );
});

test('text of megabytes is read as it is', () => {
  for (const unit of ['x', 'é', '日', 'x日', '😀']) {
    const text = unit.repeat(1_200_000);
    const {buffer, start, end} = within(Buffer.from(text));
    assert.ok(readUtf8(buffer, start, end) === text, unit);
  }
  const late = `${'x'.repeat(1_200_000)}é`;
  const {buffer, start, end} = within(Buffer.from(late));
  assert.ok(readUtf8(buffer, start, end) === late);
});

test('bytes that are no UTF-8 are read as Buffer reads them', () => {
  for (const broken of [[0xff], [0xe6, 0x97], [0xed, 0xa0, 0x80], [0xc4]]) {
    const filling = Buffer.from('日本語 é'.repeat(LARGE_BYTES));
    for (const bytes of [
      Buffer.concat([filling, Buffer.from(broken)]),
      Buffer.concat([Buffer.from(broken), filling]),
      Buffer.concat([Buffer.alloc(1_200_000, 'x'), Buffer.from(broken)]),
    ]) {
      const {buffer, start, end} = within(bytes);
      assert.ok(readUtf8(buffer, start, end) === bytes.toString('utf8'));
    }
  }
});
