/**
 * Reads the small JSON documents of one column, which mostly look alike, faster than JSON.parse reads them one
 * by one: the call into the engine costs more than the reading.
 *
 * It gives what JSON.parse gives, or undefined: then JSON.parse has to be asked, which also knows what is wrong
 * with a document. It knows the keys that it has met (json-shapes.ts) and reads values itself; what is rare
 * (escapes, exponents, long numbers) is handed to the engine piece by piece.
 *
 * Invariants: no two documents share an object; what was read past the end of the document, for want of a
 * check at every byte, is never given out, because where the reading ended is checked last. Of the last
 * documents some values may be kept, no buffer is.
 */
import {viewOf} from './byte-view';
import type {MemberReader} from './json-object-code';
import {ShapeTree} from './json-shapes';
import type {ShapeNode} from './json-shapes';
import {RepeatedText} from './repeated-text';
import {readUtf8} from './utf8';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const [OPEN_ARRAY, CLOSE_ARRAY] = [0x5b, 0x5d];
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d];
const [LOWER_E, UPPER_E] = [0x65, 0x45];
const [F, N, T] = [0x66, 0x6e, 0x74];

/** Beyond these the engine, which goes through long strings faster, makes up for the call. */
const MAX_DOCUMENT_BYTES = 512;
const MAX_STRING_BYTES = 96;
const MAX_KEY_BYTES = 256;
const MAX_DEPTH = 32;
/** Up to here an integer is exact, and so is its quotient by a power of ten rounded once. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Float64Array.from({length: EXACT_DIGITS + 1}, (_, power) => 10 ** power);

/**
 * What the engine does better, in keys: a key is read some 50 ns faster here (Node 20), which is where all of the
 * gain is, the call itself 300 ns. A longer string is a call of its own, and so is what is left to the engine.
 */
const CALL = 6;
const STRING_PRICE = 2;
const ENGINE_PRICE = 3;
const CHEAP_STRING_BYTES = 12;

/** A document that could not be read, or was dear to read, takes the gain of so many others. */
const MISS = 4;
/** With none left the reader gives up: this column's documents are not alike. */
const MAX_CREDIT = 1024;

const NOTHING = Buffer.alloc(0);

export class JsonReader implements MemberReader<ShapeNode> {
  private readonly shapes: ShapeTree;
  private readonly texts = new RepeatedText();
  /** Values whose object or array is not complete: a stack. */
  private readonly values: unknown[] = [];
  private top = 0;
  private depth = 0;
  buffer: Buffer = NOTHING;
  at = 0;
  end = 0;
  private credit = MAX_CREDIT / 4;
  /** What reading this document here gains and what it costs, in keys. */
  private gain = 0;
  private price = 0;

  /** @param compileAfter As for ShapeTree. */
  constructor(compileAfter?: number) {
    this.shapes = new ShapeTree(compileAfter);
  }

  /** The document in `buffer[start..end)`; undefined if JSON.parse is to read it. */
  read(buffer: Buffer, start: number, end: number): unknown {
    if (end - start > MAX_DOCUMENT_BYTES || this.credit <= 0) return undefined;
    this.buffer = buffer;
    this.at = start;
    this.end = end;
    this.top = 0;
    this.depth = 0;
    this.gain = CALL;
    this.price = 0;
    const value = this.readValue();
    this.buffer = NOTHING;
    if (value === undefined || this.at !== end) {
      this.credit -= MISS;
      return undefined;
    }
    if (this.price > this.gain) this.credit -= MISS;
    else if (this.credit < MAX_CREDIT) this.credit++;
    return value;
  }

  /** The value at `at`, which is then behind it. Undefined, here and below: not to be read by this class. */
  readValue(): unknown {
    const first = this.buffer[this.at] ?? 0;
    if (first === QUOTE) return this.readString();
    if (first <= NINE) return first > SPACE ? this.readNumber() : this.readSpaced();
    switch (first) {
      case OPEN_OBJECT:
        return this.readObject();
      case OPEN_ARRAY:
        return this.readArray();
      case T:
        return this.expect('true') ? true : undefined;
      case F:
        return this.expect('false') ? false : undefined;
      case N:
        return this.expect('null') ? null : undefined;
      default:
        return undefined;
    }
  }

  private readSpaced(): unknown {
    const before = this.at;
    this.at = this.behindSpace(before);
    return this.at === before || this.at >= this.end ? undefined : this.readValue();
  }

  private readObject(): unknown {
    const at = this.at + 1;
    if (this.buffer[at] === CLOSE_OBJECT) {
      this.at = at + 1;
      return {};
    }
    if (++this.depth > MAX_DEPTH) return undefined;
    const {root} = this.shapes;
    const first = this.findKey(root, at) ?? this.learnKey(root, at);
    if (first === undefined) return undefined;
    if (first.read !== undefined) return first.read(this);
    const value = this.readValue();
    if (value === undefined) return undefined;
    this.values[this.top++] = value;
    return this.readBehind(first);
  }

  keep(value: unknown): void {
    this.values[this.top++] = value;
  }

  readBehind(last: ShapeNode): unknown {
    const {buffer} = this;
    let node = last;
    for (;;) {
      let at = this.at;
      if ((buffer[at] ?? 0) <= SPACE) at = this.behindSpace(at);
      const separator = buffer[at++];
      if (separator === COMMA) {
        const next = this.findKey(node, at) ?? this.learnKey(node, at);
        if (next === undefined) return undefined;
        node = next;
        const value = this.readValue();
        if (value === undefined) return undefined;
        this.values[this.top++] = value;
        continue;
      }
      if (separator !== CLOSE_OBJECT) return undefined;
      this.at = at;
      this.top -= node.depth;
      this.endObject(node.depth);
      return node.build(this.values, this.top);
    }
  }

  endObject(keys: number): void {
    this.depth--;
    this.gain += keys;
  }

  /** Up to three elements need no place on the stack. */
  private readArray(): unknown {
    this.at++;
    if (this.buffer[this.at] === CLOSE_ARRAY) {
      this.at++;
      return [];
    }
    if (++this.depth > MAX_DEPTH) return undefined;
    const first = this.readValue();
    if (first === undefined) return undefined;
    let separator = this.behindElement();
    if (separator === CLOSE_ARRAY) return [first];
    if (separator !== COMMA) return undefined;
    const second = this.readValue();
    if (second === undefined) return undefined;
    separator = this.behindElement();
    if (separator === CLOSE_ARRAY) return [first, second];
    if (separator !== COMMA) return undefined;
    const third = this.readValue();
    if (third === undefined) return undefined;
    separator = this.behindElement();
    if (separator === CLOSE_ARRAY) return [first, second, third];
    const from = this.top;
    this.values[this.top++] = first;
    this.values[this.top++] = second;
    this.values[this.top++] = third;
    while (separator === COMMA) {
      const value = this.readValue();
      if (value === undefined) return undefined;
      this.values[this.top++] = value;
      separator = this.behindElement();
    }
    if (separator !== CLOSE_ARRAY) return undefined;
    const elements = this.values.slice(from, this.top);
    this.top = from;
    return elements;
  }

  /** What stands behind an element, and is passed. At the end of an array it is complete. */
  private behindElement(): number | undefined {
    const {buffer} = this;
    let at = this.at;
    if ((buffer[at] ?? 0) <= SPACE) at = this.behindSpace(at);
    const separator = buffer[at++];
    if (separator === CLOSE_ARRAY) this.depth--;
    else if (buffer[at] === SPACE) at++;
    this.at = at;
    return separator;
  }

  /** The node for the key at `at`; the value behind the key is then at `this.at`. */
  private findKey(node: ShapeNode, at: number): ShapeNode | undefined {
    const {children} = node;
    const view = viewOf(this.buffer);
    for (let index = 0; index < children.length; index++) {
      const child = children[index];
      if (child === undefined) break;
      const behind = at + child.length;
      if (behind <= this.end && child.isAt(view, at)) {
        this.at = behind;
        return child;
      }
    }
    return undefined;
  }

  private learnKey(node: ShapeNode, from: number): ShapeNode | undefined {
    const open = this.behindSpace(from);
    if (this.buffer[open] !== QUOTE) return undefined;
    const close = this.closingQuote(open + 1);
    const colon = this.behindSpace(close + 1);
    const at = this.behindSpace(colon + 1);
    if (this.buffer[colon] !== COLON || at >= this.end || at - from > MAX_KEY_BYTES) {
      return undefined;
    }
    const key = this.parseBetween(open, close + 1);
    if (typeof key !== 'string') return undefined;
    this.at = at;
    return this.shapes.grow(node, key, Buffer.from(this.buffer.subarray(from, at)));
  }

  private readString(): unknown {
    const {buffer} = this;
    const start = this.at + 1;
    const end = Math.min(this.end, start + MAX_STRING_BYTES);
    for (let at = start; at < end; at++) {
      const byte = buffer[at] ?? 0;
      if (byte === QUOTE) {
        this.at = at + 1;
        if (at - start > CHEAP_STRING_BYTES) this.price += STRING_PRICE;
        return this.texts.read(buffer, start, at);
      }
      if (byte === BACKSLASH) {
        const close = this.closingQuote(at);
        this.at = close + 1;
        return close < this.end ? this.parseBetween(start - 1, close + 1) : undefined;
      }
      // JSON has no control characters in strings.
      if (byte < SPACE) return undefined;
    }
    return undefined;
  }

  private readNumber(): unknown {
    const {buffer} = this;
    let at = this.at;
    let byte = buffer[at] ?? 0;
    const negative = byte === MINUS;
    if (negative) byte = buffer[++at] ?? 0;
    const firstDigit = at;
    let value = 0;
    for (; byte >= ZERO && byte <= NINE; byte = buffer[++at] ?? 0) value = value * 10 + byte - ZERO;
    let digits = at - firstDigit;
    // As JSON has it: no sign alone, no zero in front.
    if (digits === 0 || (digits > 1 && buffer[firstDigit] === ZERO)) return undefined;
    if (byte === DOT) {
      const firstDecimal = at + 1;
      byte = buffer[++at] ?? 0;
      for (; byte >= ZERO && byte <= NINE; byte = buffer[++at] ?? 0) {
        value = value * 10 + byte - ZERO;
      }
      const decimals = at - firstDecimal;
      if (decimals === 0) return undefined;
      digits += decimals;
      if (digits <= EXACT_DIGITS) value /= POWERS_OF_TEN[decimals] ?? NaN;
    }
    if (digits > EXACT_DIGITS || byte === LOWER_E || byte === UPPER_E) return this.readLongNumber();
    this.at = at;
    return negative ? -value : value;
  }

  private readLongNumber(): unknown {
    const start = this.at;
    let at = start;
    while (at < this.end && isOfNumber(this.buffer[at] ?? 0)) at++;
    this.at = at;
    return this.parseBetween(start, at);
  }

  private expect(word: string): boolean {
    for (let index = 1; index < word.length; index++) {
      if (this.buffer[this.at + index] !== word.charCodeAt(index)) return false;
    }
    this.at += word.length;
    return true;
  }

  /** The first place from `at` on that is no space. */
  private behindSpace(at: number): number {
    const {buffer} = this;
    let byte = buffer[at];
    while (byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = buffer[++at];
    return at;
  }

  /** Where the string that goes on at `at` ends; `end` if it does not. */
  private closingQuote(at: number): number {
    const {buffer, end} = this;
    while (at < end && buffer[at] !== QUOTE) at += buffer[at] === BACKSLASH ? 2 : 1;
    return Math.min(at, end);
  }

  private parseBetween(start: number, end: number): unknown {
    this.price += ENGINE_PRICE;
    try {
      return JSON.parse(readUtf8(this.buffer, start, end)) as unknown;
    } catch {
      return undefined;
    }
  }
}

function isOfNumber(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= NINE) ||
    byte === MINUS ||
    byte === DOT ||
    byte === LOWER_E ||
    byte === UPPER_E ||
    byte === 0x2b
  );
}
