/**
 * Reads the texts of one column, of which many may be the same: one that was met lately is given again, without
 * asking V8 for a new string, which is a call of some 100 ns and memory that lives as long as the row.
 *
 * It gives what `readUtf8` gives. Shorter texts are read faster than they are compared, longer ones are rarely
 * repeated, and where most are new it gives up for good, so the price is bounded.
 *
 * Invariants: texts are the same where all their bytes are; no more than SLOTS of them are kept, and no buffer.
 */
import {viewOf} from './byte-view';
import {readUtf8} from './utf8';

const LEAST_BYTES = 13;
const MOST_BYTES = 48;
const SLOT_BITS = 6;
const SLOTS = 1 << SLOT_BITS;
const WORDS_PER_SLOT = MOST_BYTES / 4;

/** Finding a text saves some 70 ns, to look for it in vain and to keep the new one takes 15 (Node 20). */
const HIT = 4;
const MAX_CREDIT = 1024;

const NONE = new Int32Array(0);

export class RepeatedText {
  private credit = MAX_CREDIT / 4;
  private readonly texts: string[] = [];
  private lengths = NONE;
  /** The bytes of each text, four at once; the last word ends where the text ends. */
  private words = NONE;
  private readonly make: typeof readUtf8;

  /** @param make Makes the strings of bytes that were not met. Default `readUtf8`. */
  constructor(make = readUtf8) {
    this.make = make;
  }

  read(buffer: Buffer, start: number, end: number): string {
    const length = end - start;
    return length < LEAST_BYTES || length > MOST_BYTES || this.credit <= 0
      ? this.make(buffer, start, end)
      : this.find(buffer, start, end);
  }

  private find(buffer: Buffer, start: number, end: number): string {
    const view = viewOf(buffer);
    const length = end - start;
    const last = end - 4;
    const middle = view.getInt32(start + (length >> 1));
    const slot = slotOf(view.getInt32(start) + length, middle, view.getInt32(last));
    if (this.lengths[slot] === length) {
      const {words} = this;
      let word = slot * WORDS_PER_SLOT;
      let at = start;
      while (at < last && view.getInt32(at) === words[word]) {
        at += 4;
        word++;
      }
      if (at >= last && view.getInt32(last) === words[word]) {
        if (this.credit < MAX_CREDIT) this.credit += HIT;
        return this.texts[slot] ?? '';
      }
    }
    return this.keep(slot, view, start, this.make(buffer, start, end), length);
  }

  private keep(slot: number, view: DataView, start: number, text: string, length: number): string {
    if (this.words === NONE) {
      this.words = new Int32Array(SLOTS * WORDS_PER_SLOT);
      this.lengths = new Int32Array(SLOTS);
      for (let empty = 0; empty < SLOTS; empty++) this.texts.push('');
    }
    this.lengths[slot] = length;
    this.texts[slot] = text;
    const last = start + length - 4;
    let word = slot * WORDS_PER_SLOT;
    for (let at = start; at < last; at += 4) this.words[word++] = view.getInt32(at);
    this.words[word] = view.getInt32(last);
    if (--this.credit <= 0) this.forget();
    return text;
  }

  private forget(): void {
    this.texts.length = 0;
    this.lengths = NONE;
    this.words = NONE;
  }
}

/** The highest bits of a product, which depend on all bits of its factors. */
function slotOf(first: number, middle: number, last: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(middle, 0x85ebca6b) ^ last;
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) >>> (32 - SLOT_BITS);
}
