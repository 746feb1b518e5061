/**
 * Knows from inside of which callbacks a call is made: `tx(async tx => …)` and `task(async task => …)`
 * run their callback in a scope, and scopes nest. With it a call that would wait for its own end is
 * refused instead of left hanging.
 */
import {AsyncLocalStorage} from 'node:async_hooks';

interface Scope {
  readonly owner: object;
  readonly outer: Scope | undefined;
}

const scopes = new AsyncLocalStorage<Scope | undefined>();

/** Runs `fn` inside the scope of `owner`. */
export function runInside<T>(owner: object, fn: () => T): T {
  return scopes.run({owner, outer: scopes.getStore()}, fn);
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
