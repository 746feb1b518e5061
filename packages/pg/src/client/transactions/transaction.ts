/**
 * Runs a callback in a transaction: from the connection it needs to the steps after its COMMIT.
 *
 * Each attempt takes a connection of its own and gives it back before post-commit steps run, so a pool of
 * one connection cannot wait for itself.
 */
import type {Connection as WireConnection} from '../../connection';
import {DatabaseError} from '../../errors';
import {TransactionTrace, traced, transactionChannel} from '../../tracing';
import type {Transaction, TransactionOptions} from '../api/queryable';
import {runInside} from '../callers/context';
import type {Environment} from '../queries/environment';
import {PostCommitSteps} from './post-commit-steps';
import {TransactionClient} from './transaction-client';
import {validateTransactionOptions} from './transaction-options';

export interface HeldConnection {
  readonly connection: WireConnection;
  /** Who the holder is, for those that would wait for it from inside. */
  readonly owner: object;
  /** Undefined when the connection was given back at once; else resolves when it is. */
  readonly release: () => Promise<void> | undefined;
}

/** A promise only where there is something to wait for: in a transaction, each one is seen by promise hooks. */
type Hold = () => HeldConnection | Promise<HeldConnection>;

const SERIALIZATION_FAILURE = '40001';
const DEFAULT_RETRIES = 10;

export function runTransaction<T>(
  environment: Environment,
  fn: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions | undefined,
  hold: Hold,
): Promise<T> {
  if (!transactionChannel.hasSubscribers) return runAttempts(environment, fn, options, hold);
  return runTraced(environment, fn, options, hold);
}

function runTraced<T>(
  environment: Environment,
  fn: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions | undefined,
  hold: Hold,
): Promise<T> {
  const trace = new TransactionTrace(
    environment.traceTarget.current,
    options?.isolationLevel,
    options?.readOnly,
  );
  const counted = () => {
    trace.attempts++;
    return hold();
  };
  return traced(transactionChannel, trace, () => runAttempts(environment, fn, options, counted));
}

async function runAttempts<T>(
  environment: Environment,
  fn: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions | undefined,
  hold: Hold,
): Promise<T> {
  validateTransactionOptions(options);
  const retries = retriesOf(options);
  for (let failures = 0; ;) {
    const steps = new PostCommitSteps();
    let result: T;
    try {
      result = await attempt(environment, fn, options, hold, steps);
    } catch (error) {
      if (!isSerializationFailure(error) || failures >= retries) throw error;
      failures++;
      await delay(Math.max(10, Math.random() * 100 * failures));
      continue;
    }
    if (!steps.none) await steps.run();
    return result;
  }
}

async function attempt<T>(
  environment: Environment,
  fn: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions | undefined,
  hold: Hold,
  steps: PostCommitSteps,
): Promise<T> {
  options?.signal?.throwIfAborted();
  const held = await hold();
  const transaction = TransactionClient.outermost(environment, held.connection, options, steps);
  held.connection.readsOnly = options?.readOnly === true;
  try {
    return await runInside(held.owner, () => transaction.run(fn));
  } finally {
    held.connection.readsOnly = false;
    const clearing = held.release();
    if (clearing !== undefined) await clearing;
  }
}

function retriesOf(options: TransactionOptions | undefined): number {
  const retry = options?.retrySerializationFailures ?? 0;
  return typeof retry === 'number' ? retry : retry ? DEFAULT_RETRIES : 0;
}

function isSerializationFailure(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === SERIALIZATION_FAILURE;
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
