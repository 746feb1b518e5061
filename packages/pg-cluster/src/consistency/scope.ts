/**
 * What the reads of a session must see.
 *
 * Invariants: while it is not known what was written (`pin`), its reads go to the primary, which has it. What it owes is
 * known to be written, on one timeline of one node, and only the position is missing.
 */
import type {Coverage} from './coverage';
import type {Token} from './token';
import {laterToken} from './token';

export class SessionScope {
  token: Token | undefined;
  /** Writes of which nobody knows what became of them, or on which timeline. */
  pinned: boolean;
  /** How often it was pinned: an answer to what was asked before the last time does not cover that. */
  pins = 0;
  /** The node that has acknowledged writes of which the position was not asked. */
  owedBy: Coverage | undefined;
  /** The timeline that it was on, and how many it had acknowledged, with the last of them. */
  owedTimeline = 0;
  owedCount = 0;
  /** The position came along with a write, and no read has needed it yet. */
  unread = false;

  constructor(token?: Token, pinned = false) {
    this.token = token;
    this.pinned = pinned;
  }

  /** Something was written, or read, up to here. */
  raise(token: Token): void {
    this.token = laterToken(this.token, token);
  }

  /** Something was written, nobody knows up to where. */
  pin(): void {
    this.pinned = true;
    this.pins++;
  }

  /** Something was written on the node, and acknowledged. */
  owe(by: Coverage, timeline: number): void {
    this.owedBy = by;
    this.owedTimeline = timeline;
    this.owedCount = ++by.acknowledged;
  }

  /**
   * The primary says where it is: all that was written before it was asked is covered.
   * @param pins How often this had been pinned by then.
   */
  learn(token: Token, pins: number): void {
    this.token = laterToken(this.token, token);
    if (pins === this.pins) this.pinned = false;
  }
}
