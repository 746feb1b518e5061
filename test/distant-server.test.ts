import assert from 'node:assert/strict';
import {test} from 'node:test';
import createConnectionPool, {sql} from '@databases/pg';
import {openDistance} from './support/distance';
import {useServer} from './support/server';
import {forbidUnhandledErrors} from './support/unhandled';
import {openWireTap} from './support/wire-tap';
import type {WireTap} from './support/wire-tap';

const postgres = useServer();
forbidUnhandledErrors();

const ROUND_TRIP_MILLISECONDS = 20;
const QUERIES = 60;

async function atADistance(use: (tap: WireTap) => Promise<void>): Promise<void> {
  await using distance = await openDistance(postgres.url, ROUND_TRIP_MILLISECONDS);
  const tap = await openWireTap(distance.url);
  try {
    await use(tap);
  } finally {
    await tap.close();
  }
}

test('short queries share a connection to a distant server: waiting for the network is no work', async () => {
  await atADistance(async (tap) => {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    const ask = (value: number) => db.query(sql`SELECT ${value}::int4 AS value`);
    for (let run = 0; run < 3; run++) await ask(run);
    tap.clear();
    const values = Array.from({length: QUERIES}, (_, value) => value);
    const answers = await Promise.all(values.map(ask));
    assert.deepEqual(
      answers,
      values.map((value) => [{value}]),
    );
    const {length} = tap.flights;
    assert.ok(length <= QUERIES / 4, `${QUERIES} queries took ${length} round trips`);
  });
});

test('what takes the server long shares a connection with nothing, however distant it is', async () => {
  await atADistance(async (tap) => {
    await using db = createConnectionPool({connectionString: tap.url, poolSize: 1});
    const sleep = () => db.query(sql`SELECT pg_sleep(0.05)`);
    for (let run = 0; run < 3; run++) await sleep();
    tap.clear();
    await Promise.all(Array.from({length: 5}, sleep));
    assert.equal(tap.flights.length, 5);
  });
});
