/**
 * A first-in-first-out list that lives in its items, so that adding allocates nothing and taking an item
 * out of the middle costs the same as taking the first.
 *
 * Invariants: an item is in at most one list at a time; `item.queue` says in which.
 */

/** The fields a list keeps on its items. Declare them on hot classes, or V8 gives every item a new shape. */
export interface Queued<T extends Queued<T>> {
  queue?: Fifo<T> | undefined;
  queuePrevious?: T | undefined;
  queueNext?: T | undefined;
  /** The place in the order of arrival across all lists. */
  arrival?: number;
}

export class Fifo<T extends Queued<T>> {
  head: T | undefined = undefined;
  tail: T | undefined = undefined;
  size = 0;

  push(item: T): void {
    this.#link(item, this.tail, undefined);
  }

  /** Puts an item where its `arrival` belongs. Cheap where that is near the end. */
  insertByArrival(item: T): void {
    const arrival = item.arrival ?? Infinity;
    let next: T | undefined = undefined;
    let previous = this.tail;
    while (previous !== undefined && (previous.arrival ?? 0) > arrival) {
      next = previous;
      previous = previous.queuePrevious;
    }
    this.#link(item, previous, next);
  }

  /** Takes the item out; false when it is not in this list. */
  remove(item: T): boolean {
    if (item.queue !== this) return false;
    const {queuePrevious: previous, queueNext: next} = item;
    if (previous === undefined) this.head = next;
    else previous.queueNext = next;
    if (next === undefined) this.tail = previous;
    else next.queuePrevious = previous;
    item.queue = undefined;
    item.queuePrevious = undefined;
    item.queueNext = undefined;
    this.size--;
    return true;
  }

  #link(item: T, previous: T | undefined, next: T | undefined): void {
    item.queue = this;
    item.queuePrevious = previous;
    item.queueNext = next;
    if (previous === undefined) this.head = item;
    else previous.queueNext = item;
    if (next === undefined) this.tail = item;
    else next.queuePrevious = item;
    this.size++;
  }
}
