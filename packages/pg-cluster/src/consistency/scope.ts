/**
 * What the reads of a session must see.
 *
 * Invariant: while it is not known what was written (`pin`), its reads go to the primary, which has it.
 */
import type {Token} from './token';
import {laterToken} from './token';

export class SessionScope {
  token: Token | undefined;
  /** Writes of which the position is not known. */
  pinned: boolean;

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
  }

  /** The primary says where it is: all that was written before is covered. */
  learn(token: Token): void {
    this.token = laterToken(this.token, token);
    this.pinned = false;
  }
}
