/**
 * Random work, random faults, and what must be true all the while: rounds of both, with a checkpoint after each.
 *
 * The choices come from a seed, those of each worker and of the faults from their own row of random numbers, so a seed
 * makes the same choices again; how they fall together is up to the machine.
 */
import {setImmediate as nextTurn, setTimeout as delay} from 'node:timers/promises';
import createConnectionPool, {
  ConnectionError,
  DatabaseError,
  TimeoutError,
  TransactionError,
  sql,
} from '@databases/pg';
import type {ConnectionPool} from '@databases/pg';
import {startServer} from '@databases/pg-test';
import {openChaosProxy} from '../rig/chaos-proxy';
import {randomFrom} from '../rig/random';
import type {Random} from '../rig/random';
import {checkpoint} from './checkpoint';
import type {Scene} from './checkpoint';
import {APPLICATION_NAME, pickFault} from './faults';
import {Ledger} from './ledger';
import {Heard} from './notifications';
import {OPERATIONS, Violation} from './operations';
import {SoakRecord, increment} from './record';

export interface SoakOptions {
  readonly seed: number;
  readonly version: string;
  readonly milliseconds: number;
  /** How long is worked between two checkpoints. */
  readonly roundMilliseconds: number;
  readonly workers: number;
  /** Also faults that leave connections open and silent. */
  readonly silence: boolean;
  /** Called now and then. */
  readonly onProgress?: (record: SoakRecord) => void;
}

const POOL_SIZE = 10;
/** All limits of the pool together are less. */
const PATIENCE_MILLISECONDS = 30_000;
const SAMPLE_MILLISECONDS = 500;

export async function soak(options: SoakOptions): Promise<SoakRecord> {
  const record = new SoakRecord(() => performance.now(), PATIENCE_MILLISECONDS);
  const unheard = (error: unknown): void => record.violation(`unhandled: ${String(error)}`);
  process.on('unhandledRejection', unheard).on('uncaughtException', unheard);
  try {
    await using server = await startServer({
      version: options.version,
      // A crash must not take back what was acknowledged.
      settings: {synchronous_commit: 'on'},
    });
    await using proxy = await openChaosProxy(server);
    await using admin = createConnectionPool({
      connectionString: server.connectionString,
      poolSize: 1,
      onError: () => undefined,
    });
    await admin.query(sql`CREATE TABLE soak_write (key INT NOT NULL, part INT NOT NULL)`);
    const db = openPool(proxy.through(server.connectionString));
    const world = {db, ledger: new Ledger(), notified: new Map()};
    const scene = {field: {server, proxy, admin}, world, heard: new Heard(), record};
    await listen(scene);
    await rounds(scene, options);
    // That it did not end is a violation already.
    await record.settled('dispose()', db.dispose()).catch(() => undefined);
    await nextTurn();
  } finally {
    process.off('unhandledRejection', unheard).off('uncaughtException', unheard);
  }
  return record;
}

function openPool(connectionString: string): ConnectionPool {
  return createConnectionPool({
    connectionString,
    applicationName: APPLICATION_NAME,
    poolSize: POOL_SIZE,
    connectionTimeoutMilliseconds: 2000,
    queryTimeoutMilliseconds: 3000,
    queueTimeoutMilliseconds: 10_000,
    // What runs on a connection that went silent is over after twice this, sooner than a checkpoint loses patience.
    silenceTimeoutMilliseconds: 2000,
    listenHeartbeatMilliseconds: 1000,
    onError: () => undefined,
  });
}

async function listen({world, heard}: Scene): Promise<void> {
  await world.db.listen('soak', ({payload}) => heard.add(payload), {
    onGap: ({since}) => heard.gaps.push({since: since.getTime(), toldAt: Date.now()}),
  });
}

async function rounds(scene: Scene, options: SoakOptions): Promise<void> {
  const {record} = scene;
  const workers = Array.from({length: options.workers}, (_, index) =>
    randomFrom(options.seed + 1 + index),
  );
  const faults = randomFrom(options.seed);
  const sampling = setInterval(() => {
    record.sample(process.memoryUsage.rss());
    options.onProgress?.(record);
  }, SAMPLE_MILLISECONDS);
  try {
    while (record.atMilliseconds < options.milliseconds) {
      const end = Math.min(record.atMilliseconds + options.roundMilliseconds, options.milliseconds);
      await Promise.all([
        ...workers.map((random) => work(scene, random, end)),
        inflict(scene, faults, options.silence, end),
      ]);
      await checkpoint(scene);
      globalThis.gc?.();
      const {heapUsed, external} = process.memoryUsage();
      record.checkpoints.push({
        atMilliseconds: record.atMilliseconds,
        heapBytes: heapUsed + external,
      });
    }
  } finally {
    clearInterval(sampling);
  }
}

async function work(scene: Scene, random: Random, end: number): Promise<void> {
  const {world, record} = scene;
  const names = Object.keys(OPERATIONS);
  while (record.atMilliseconds < end) {
    const name = random.pick(names);
    try {
      await record.settled(name, (async () => OPERATIONS[name]?.(world, random))());
      increment(record.operations, name);
    } catch (error) {
      record.error(error);
      if (!isOfFaults(error)) record.violation(`${name}: ${String(error)}`);
    }
    watchStats(scene);
  }
}

/** Errors that the faults bring. Others are a defect of the pool, or of the soak. */
function isOfFaults(error: unknown): boolean {
  if (error instanceof Violation) return false;
  if (error instanceof DatabaseError) {
    // Ended by an administrator, by the crash of another session, by a shutdown or a start, by too many sessions.
    return /^57P0[1-5]$|^53300$/.test(error.code);
  }
  if (error instanceof TransactionError) return error.code === 'PG_COMMIT_OUTCOME_UNKNOWN';
  return error instanceof ConnectionError || error instanceof TimeoutError;
}

async function inflict(
  {field, record}: Scene,
  random: Random,
  silence: boolean,
  end: number,
): Promise<void> {
  for (;;) {
    await delay(random.between(100, 700));
    if (record.atMilliseconds >= end) return;
    const fault = pickFault(random, silence);
    record.fault(fault.name);
    try {
      await fault.inflict(field, random);
    } catch (error) {
      // The admin's connection does not survive every fault either.
      record.fault(`${fault.name}, in vain`);
      if (!isOfFaults(error)) record.violation(`${fault.name}: ${String(error)}`);
    }
  }
}

function watchStats({world, record}: Scene): void {
  const {total, idle, leased, busy, connecting, waiting, max} = world.db.stats();
  const parts = [idle, leased, busy, connecting, waiting];
  if (
    total !== idle + leased + busy + connecting ||
    total > max ||
    max !== POOL_SIZE ||
    parts.some((part) => part < 0)
  ) {
    record.violation(`stats: ${JSON.stringify(world.db.stats())}`);
  }
}
