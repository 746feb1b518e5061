/**
 * The short way of a ValueEncoder: the values that programs send most, written straight to memory.
 *
 * Room is seen to by who calls it, once for a whole row. What it does not take, for whichever reason, is left to the
 * ValueEncoder of the type, which writes it or says what is wrong with it; so it has no errors of its own.
 *
 * Invariants: it writes the same bytes as the ValueEncoder would (direct-encoders.test.ts); it throws nothing; it
 * runs no code of the program beyond that of a Date.
 */

/** Gives where the next field goes; `NOT_TAKEN`: not a value for it. */
export type WriteDirectly = (memory: DataView, at: number, value: unknown) => number;

export interface DirectEncoder {
  /** Tells it from all others. */
  readonly name: string;
  /** The most that it writes, in front of which there is the length. */
  readonly mostBytes: number;
  /** Writes the length and the value at `at`. */
  readonly write: WriteDirectly;
}

/** What lies at `at` and behind is of no meaning then. */
export const NOT_TAKEN = -1;

/** For types whose values all go the long way. */
export const takesNothing: DirectEncoder = {
  name: 'none',
  mostBytes: 0,
  write: () => NOT_TAKEN,
};
