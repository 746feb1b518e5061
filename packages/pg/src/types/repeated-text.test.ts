import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {RepeatedText} from './repeated-text';
import {readUtf8} from './utf8';

const BEHIND = 'what comes behind';

function read(texts: RepeatedText, text: string, behind = BEHIND): string {
  const bytes = Buffer.from(text);
  const buffer = Buffer.concat([Buffer.from('before'), bytes, Buffer.from(behind)]);
  const value = texts.read(buffer, 6, 6 + bytes.length);
  buffer.fill(0x7b);
  return value;
}

/** Counts the strings that are made. */
function counting(): {texts: RepeatedText; made: () => number} {
  let made = 0;
  const texts = new RepeatedText((buffer, start, end) => {
    made++;
    return readUtf8(buffer, start, end);
  });
  return {texts, made: () => made};
}

test('texts are those that were sent, whatever came before them', () => {
  const unit = fc.constantFrom<('grapheme' | 'binary-ascii')[]>('grapheme', 'binary-ascii');
  const some = unit.chain((of) => fc.string({unit: of, maxLength: 60, size: 'max'}));
  /** Alike but for one byte, wherever that is. */
  const alike = fc
    .tuple(fc.integer({min: 0, max: 55}), fc.nat(55), fc.constantFrom('a', 'b', 'é'))
    .map(([length, at, other]) => {
      const text = 'x'.repeat(length);
      return text.slice(0, at) + other + text.slice(at + 1);
    });
  fc.assert(
    fc.property(fc.array(fc.oneof(some, alike), {maxLength: 80, size: 'max'}), (sent) => {
      const texts = new RepeatedText();
      for (const text of [...sent, ...sent]) assert.equal(read(texts, text), text);
    }),
    {numRuns: 200},
  );
});

test('a text of 13 to 48 bytes is made once, however often it comes', () => {
  for (const length of [13, 14, 15, 16, 17, 31, 47, 48]) {
    const {texts, made} = counting();
    const text = 'é'.repeat(length >> 1) + 'x'.repeat(length % 2);
    for (let time = 0; time < 5; time++) assert.equal(read(texts, text, ''), text);
    assert.equal(made(), 1, String(length));
  }
});

test('texts that differ in one byte are two', () => {
  for (let at = 0; at < 48; at++) {
    const {texts} = counting();
    const one = 'x'.repeat(48);
    const other = `${one.slice(0, at)}y${one.slice(at + 1)}`;
    for (const text of [one, other, one, other]) assert.equal(read(texts, text), text);
  }
});

test('texts that fall on the same place are told apart, wherever they differ', () => {
  for (const at of [0, 4, 10, 16]) {
    const texts = new RepeatedText();
    for (let n = 1000; n < 2000; n++) {
      const text = `${'x'.repeat(at)}${n}${'x'.repeat(16 - at)}`;
      for (let time = 0; time < 2; time++) assert.equal(read(texts, text), text);
    }
  }
});

test('where texts are not repeated it gives up, where they are often it goes on', () => {
  const {texts, made} = counting();
  for (let n = 0; n < 3000; n++) read(texts, `number ${n} of many`);
  const before = made();
  for (let time = 0; time < 10; time++) read(texts, 'the same text each time');
  assert.equal(made() - before, 10);

  const often = counting();
  for (let n = 0; n < 3000; n++) {
    read(often.texts, 'the same text each time');
    read(often.texts, `number ${n} of many`);
  }
  assert.ok(often.made() < 3500, String(often.made()));
});
