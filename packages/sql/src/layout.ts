/*
 * The text of a query around its slots (values and identifiers), checked and dedented.
 *
 * The text is read once with Postgres' own lexer, with a stand-in for each slot. A slot must be a token
 * of its own there. If it were part of a string or a comment, the server would see no parameter; an
 * identifier inside quotes could end them. Knows nothing of values, names or placeholders.
 */
import {indentation, type Whitespace} from './dedent';
import {Lexer} from './lexer/lexer';
import type {TokenKind} from './lexer/token';

export type SlotKind = 'value' | 'identifier';

/** A slot that is not a token of its own. */
export interface Misplaced {
  readonly slot: number;
  /** The token it landed in. */
  readonly token: TokenKind;
  /** How that token starts, or, where the slot itself starts it, the slot and what sticks to it. */
  readonly near: string;
}

export interface Layout {
  /** The text before, between and after the slots: always one more than there are slots. */
  readonly texts: readonly string[];
  readonly misplaced: readonly Misplaced[];
}

/** `texts` has one element more than `slots`: what stands around them. */
export function layOut(texts: readonly string[], slots: readonly SlotKind[]): Layout {
  const skeleton = new Skeleton(texts, slots);
  const whitespaces: Whitespace[] = [];
  const misplaced: Misplaced[] = [];
  const lexer = new Lexer(skeleton.text);
  let slot = 0;
  while (lexer.next()) {
    const {kind, start, end} = lexer;
    if (kind === 'whitespace') whitespaces.push({start, end});
    for (; slot < slots.length && skeleton.start(slot) < end; slot++) {
      const expected = slots[slot] === 'value' ? 'parameter' : 'quotedIdentifier';
      if (kind === expected && start === skeleton.start(slot) && end === skeleton.end(slot))
        continue;
      misplaced.push({
        slot,
        token: kind,
        near: skeleton.text.slice(start, Math.min(end, start + 20)),
      });
    }
  }
  return {texts: skeleton.textsWithout(indentation(skeleton.text, whitespaces)), misplaced};
}

/** The text with stand-ins in the slots, and where those are. */
class Skeleton {
  readonly text: string;
  /** Start and end of each slot. */
  readonly #offsets: number[] = [];

  constructor(texts: readonly string[], slots: readonly SlotKind[]) {
    let text = texts[0] ?? '';
    for (const [i, kind] of slots.entries()) {
      this.#offsets.push(text.length);
      text += kind === 'value' ? `$${i + 1}` : '"i"';
      this.#offsets.push(text.length);
      text += texts[i + 1] ?? '';
    }
    this.text = text;
  }

  start(slot: number): number {
    return this.#offsets[slot * 2] ?? this.text.length;
  }

  end(slot: number): number {
    return this.#offsets[slot * 2 + 1] ?? this.text.length;
  }

  /** The texts around the slots, without the ranges in `cuts`. */
  textsWithout(cuts: readonly number[]): string[] {
    const texts: string[] = [];
    let cut = 0;
    for (let slot = 0; slot <= this.#offsets.length / 2; slot++) {
      let from = slot === 0 ? 0 : this.end(slot - 1);
      const to = this.start(slot);
      let text = '';
      // White space is never part of a slot, so a cut lies within one text.
      for (; cut < cuts.length && (cuts[cut] ?? 0) < to; cut += 2) {
        text += this.text.slice(from, cuts[cut]);
        from = cuts[cut + 1] ?? to;
      }
      texts.push(text + this.text.slice(from, to));
    }
    return texts;
  }
}
