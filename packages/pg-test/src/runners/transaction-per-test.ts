/**
 * A transaction around each test that is rolled back at its end: faster than a new database, and nothing to clean up.
 * It knows no database client, only the shape that `@databases/pg` has: `tx(fn)`, which rolls back when `fn` rejects,
 * and on a transaction makes a savepoint.
 *
 * Invariant: what hooks opened is rolled back and its connection given back before the next test begins.
 */
import {once} from 'node:events';
import {PgTestError} from '../error';

/** A pool, or a connection. */
export interface Transactional<Transaction> {
  tx(fn: (transaction: Transaction) => Promise<unknown>): Promise<unknown>;
}

/** Those of the test runner: node:test, Vitest, Jest, Mocha. */
export interface TestHooks {
  beforeEach(fn: () => Promise<void>): unknown;
  afterEach(fn: () => Promise<void>): unknown;
}

interface Open<Transaction> {
  readonly transaction: Transaction;
  rollback(): Promise<void>;
}

/** What ends the transaction; no error of the test or of the database. */
class Rollback extends Error {}

/**
 * Gives the transaction of the test that runs: an object that stands for another one in each test and takes all
 * properties and methods from it. Its `tx` makes savepoints, so code that uses transactions works; what such code
 * commits, its own later queries see, and no other connection does. Steps for after the commit do not run.
 *
 * The tests of a file must run one after the other.
 *
 * @throws PgTestError `PG_TEST_NO_TRANSACTION`, from its methods: no test is running.
 */
export function transactionPerTest<Transaction extends object>(
  database: Transactional<Transaction>,
  hooks: TestHooks,
): Transaction {
  let open: Open<Transaction> | undefined;
  hooks.beforeEach(async () => {
    if (open !== undefined) {
      throw new PgTestError(
        'PG_TEST_NO_TRANSACTION',
        'A test began before the one before it had ended: transactionPerTest() is for tests that run one after the other.',
      );
    }
    open = await openTransaction(database);
  });
  hooks.afterEach(async () => {
    const ending = open;
    open = undefined;
    await ending?.rollback();
  });
  return standFor(() => {
    if (open !== undefined) return open.transaction;
    throw new PgTestError(
      'PG_TEST_NO_TRANSACTION',
      'There is no transaction outside of tests: use this object in tests and in hooks that run after its own beforeEach.',
    );
  });
}

/** Rejects as the client does, when there is no connection. */
function openTransaction<Transaction>(
  database: Transactional<Transaction>,
): Promise<Open<Transaction>> {
  return new Promise((resolve, reject) => {
    const rollback = new Rollback('the test has ended');
    const tested = new AbortController();
    const ended = once(tested.signal, 'abort');
    const finished = database
      .tx(async (transaction) => {
        resolve({
          transaction,
          rollback: () => {
            tested.abort();
            return finished;
          },
        });
        await ended;
        throw rollback;
      })
      .then(
        () => {},
        (error: unknown) => {
          if (error !== rollback) throw error;
        },
      );
    // Until there is a transaction, a failure is that of the hook; later it is that of the rollback.
    finished.catch(reject);
  });
}

/** An object whose properties are those of what `current` gives at that moment. */
function standFor<T extends object>(current: () => T): T {
  const bound = new WeakMap<object, Map<PropertyKey, unknown>>();
  const read = (property: PropertyKey): unknown => {
    const target = current();
    const value: unknown = Reflect.get(target, property, target);
    if (typeof value !== 'function') return value;
    const methods = bound.get(target) ?? new Map<PropertyKey, unknown>();
    bound.set(target, methods);
    if (!methods.has(property)) methods.set(property, value.bind(target));
    return methods.get(property);
  };
  // Has nothing of its own, so it can stand for anything.
  const empty: T = Object.create(null);
  return new Proxy(empty, {
    get: (_, property) => read(property),
    has: (_, property) => Reflect.has(current(), property),
    getPrototypeOf: () => Reflect.getPrototypeOf(current()),
  });
}
