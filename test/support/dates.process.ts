/**
 * Run by dates.test.ts as a process of its own, because the time zone of a process is fixed when it starts.
 * Arguments: the URL of a server. Ends with 0 if every check holds.
 */
import assert from 'node:assert/strict';
import createConnectionPool, {sql} from '@databases/pg';
import * as fc from 'fast-check';
import {readAsBinary, readAsText} from './formats';
import {LITERALS} from './literals';

const RUNS = 2;

/** Whole milliseconds from 4000 BC to 200000 AD, where both sides have a value, with the edges of clock changes. */
const dates = fc.array(
  fc.oneof(
    fc.date({
      min: new Date(Date.UTC(-3999, 0)),
      max: new Date(Date.UTC(200_000, 0)),
      noInvalidDate: true,
    }),
    fc.date({min: new Date(1880, 0), max: new Date(2040, 0), noInvalidDate: true}),
    // Around the ends of daylight saving time in London and New York, and New York's beginning.
    fc
      .constantFrom(
        '2021-10-31T00:30:00Z',
        '2021-11-07T05:30:00Z',
        '2021-11-07T06:30:00Z',
        '2021-03-14T07:00:00Z',
      )
      .map((at) => new Date(at)),
    fc.constantFrom(new Date(0), new Date(-1), new Date(1)),
  ),
  {minLength: 40, maxLength: 60},
);

async function main(url: string): Promise<void> {
  const db = createConnectionPool({connectionString: url, poolSize: 1});
  await db.task(async (task) => {
    // The session's zone is not the process': a client that relied on it would be wrong in either.
    for (const zone of ['UTC', 'America/St_Johns']) {
      await task.query(sql`SELECT set_config('timezone', ${zone}, false)`);
      for (const type of ['date', 'timestamp', 'timestamptz']) {
        await fc.assert(
          fc.asyncProperty(
            fc.array(LITERALS[type] ?? fc.constant('infinity'), {minLength: 40}),
            async (literals) => {
              const text = await readAsText(task, type, literals);
              assert.deepEqual(await readAsBinary(task, type, literals), text, type);
            },
          ),
          {numRuns: RUNS},
        );
      }
      await fc.assert(
        fc.asyncProperty(dates, async (sent) => {
          const rows = await task.query(sql`SELECT * FROM unnest(${sent}::timestamptz[]) AS value`);
          assert.deepEqual(
            rows,
            sent.map((value) => ({value})),
            'timestamptz is the instant',
          );
        }),
        {numRuns: RUNS},
      );
      await fc.assert(
        fc.asyncProperty(dates, async (sent) => {
          const rows = await task.query(sql`
            SELECT value::date AS day, value FROM unnest(${sent}::timestamp[]) AS value`);
          for (const [i, {day, value}] of rows.entries()) {
            const date = sent[i];
            assert.ok(date !== undefined);
            assert.equal(clock(value), clock(date), 'timestamp is what the clock shows');
            assert.equal(
              clock(day).split('T')[0],
              clock(date).split('T')[0],
              'date is the local day',
            );
          }
        }),
        {numRuns: RUNS},
      );
    }
  });
  await db.dispose();
}

/** What a clock on the wall shows. */
function clock(date: Date): string {
  const time = [date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds()];
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}T${time.join(':')}`;
}

const [url] = process.argv.slice(2);
if (url === undefined) throw new Error('the URL of a server is missing');
void main(url);
