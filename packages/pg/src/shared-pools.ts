/**
 * What `createConnectionPool.shared` gives out: one of a key for the whole process, however often the module that asks
 * for it is loaded anew.
 *
 * The register is on `globalThis`, under a symbol that every copy and version of this package knows, because whatever
 * loads modules anew, or bundles them several times, does the same to this one. So what is in it is only told apart by
 * what it does. Invariants: what has been disposed of is never given out; nothing in the register can be printed.
 */
import {UsageError} from './errors';

/** What can be shared: a pool, or whatever else says when its end has come. */
export interface Shareable {
  readonly disposed: boolean;
  dispose(): Promise<void>;
}

interface Entry<T> {
  readonly resource: T;
  /** A function, since what it compares with has the password in it. */
  readonly isOf: (fingerprint: string | undefined) => boolean;
}

const REGISTER = Symbol.for('@databases/pg:shared');

/**
 * The resource of this key that is alive, or a new one.
 *
 * @param fingerprint One of another fingerprint is replaced: it is disposed of, and so takes no more work and ends when
 *   its work has. Undefined: whatever is there will do.
 * @throws What `make` throws; nothing has changed then.
 */
export function sharedResource<T extends Shareable>(
  key: string,
  fingerprint: string | undefined,
  make: () => T,
): T {
  const register: Map<string, Entry<T>> = registerOf();
  const known = register.get(key);
  if (known !== undefined && !known.resource.disposed && known.isOf(fingerprint)) {
    return known.resource;
  }
  const resource = make();
  const isOf = (other: string | undefined) => other === undefined || other === fingerprint;
  register.set(key, {resource, isOf});
  // Behind the new one, which may have failed.
  if (known !== undefined && !known.resource.disposed) dispose(known.resource);
  return resource;
}

/** @throws {UsageError} `PG_INVALID_ARGUMENT` */
export function assertKey(key: unknown): void {
  if (typeof key === 'string' && key !== '') return;
  throw new UsageError(
    'shared() takes the name under which the pool is known in this process, and then what it is made of: shared("main", options)',
    {code: 'PG_INVALID_ARGUMENT'},
  );
}

function registerOf<T>(): Map<string, Entry<T>> {
  const found: unknown = Reflect.get(globalThis, REGISTER);
  if (found instanceof Map) return found;
  const register = new Map<string, Entry<T>>();
  Object.defineProperty(globalThis, REGISTER, {value: register});
  return register;
}

function dispose(resource: Shareable): void {
  resource.dispose().catch((error: unknown) => {
    // Nobody waits for it, and it is the program's own kind of resource that failed: a pool does not.
    process.emitWarning(error instanceof Error ? error : String(error));
  });
}
