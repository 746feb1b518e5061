/**
 * Knows from inside of which callbacks a call is made: `tx(async tx => …)` and `task(async task => …)`
 * run their callback in a scope, and scopes nest. With it a call that would wait for its own end is
 * refused instead of left hanging.
 */
import {AsyncLocalStorage} from 'node:async_hooks';

/** What one goes into without a callback that ends. */
export interface Leavable {
  readonly over: boolean;
}

interface Scope {
  readonly owner: object;
  readonly leavable?: Leavable;
  readonly outer: Scope | undefined;
}

const scopes = new AsyncLocalStorage<Scope | undefined>();

/** Runs `fn` inside the scope of `owner`. */
export function runInside<T>(owner: object, fn: () => T): T {
  return scopes.run({owner, outer: scopes.getStore()}, fn);
}

/**
 * As if the caller were called from inside `owner` from now on, with all that it goes on with. Scopes that are over are
 * left on this occasion, so that a function which goes into one after the other keeps none of them.
 */
export function goInside(owner: Leavable): void {
  let outer = scopes.getStore();
  while (outer?.leavable?.over === true) outer = outer.outer;
  scopes.enterWith({owner, leavable: owner, outer});
}

export function isInside(owner: object): boolean {
  for (let scope = scopes.getStore(); scope !== undefined; scope = scope.outer) {
    if (scope.owner === owner) return true;
  }
  return false;
}

/** The innermost scope around this call whose owner is of the kind that is looked for. */
export function innermostOwner<T extends object>(
  isWanted: (owner: object) => owner is T,
): T | undefined {
  for (let scope = scopes.getStore(); scope !== undefined; scope = scope.outer) {
    if (isWanted(scope.owner)) return scope.owner;
  }
  return undefined;
}

/** Runs `fn` as if no callback of `tx` or `task` were around it: what it starts outlives them. */
export function runOutside<T>(fn: () => T): T {
  return scopes.run(undefined, fn);
}
