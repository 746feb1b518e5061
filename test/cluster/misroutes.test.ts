/**
 * Invariant 1 by experiment: what the rules send to a replica is run on a primary and on its standby. A few hundred
 * statements by chance; with CLUSTER_ROUNDS=full 12,000 of them, and those of Postgres' own regression tests, which are
 * downloaded for it. CLUSTER_SEED: the statements of a run before.
 */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {roundsOf} from '../support/cluster-rounds';
import {StatementSource, THINGS_QUERY, randomOf} from '../support/generated-statements';
import {MisrouteFinder, NO_COUNTS} from '../support/misroutes';
import type {Counts, Others} from '../support/misroutes';
import {PlainSession} from '../support/plain-session';
import {readScript, regressionFolder, scriptNames} from '../support/regression-scripts';
import {useReplicated} from '../support/replicated';
import {routingSetup} from '../support/routing-setup';

// Nothing happens of its own accord, and the standby never ends a statement because it wants to go on.
const replicated = useReplicated(1, {
  autovacuum: 'off',
  wal_writer_delay: '10ms',
  max_standby_streaming_delay: '-1',
  statement_timeout: '5s',
  synchronize_seqscans: 'off',
  jit: 'off',
});

const GENERATED = roundsOf(12_000, 400);
const isWhole = GENERATED >= 12_000;

async function withFinder<T>(
  others: Others,
  run: (finder: MisrouteFinder, primary: PlainSession) => Promise<T>,
): Promise<T> {
  using primary = await PlainSession.open(replicated.servers.primary.connectionString);
  using administrator = await PlainSession.open(replicated.servers.primary.connectionString);
  using standby = await PlainSession.open(replicated.replica(0).connectionString);
  using watcher = await PlainSession.open(replicated.replica(0).connectionString);
  const sessions = {primary, standby, administrator, watcher};
  return await run(new MisrouteFinder(sessions, others), primary);
}

function describeCounts({statements, toReplica, same, varying, absorbed}: Counts): string {
  return (
    `${statements} statements, ${toReplica} to a replica: ${same} the same there, ${varying} never the same, ` +
    `${absorbed} unknown there`
  );
}

async function prepare(primary: PlainSession): Promise<string[]> {
  const {message} = await primary.run(routingSetup(replicated.servers.primary.connectionString));
  assert.equal(message, '');
  const {rows} = await primary.run(THINGS_QUERY);
  // A DataRow: the number of its columns, the length of the first one, and that.
  return rows.map((row) => Buffer.from(row, 'latin1').toString('utf8', 6));
}

void test('invariant 1: statements by chance', async (context) => {
  const seed = Number(process.env['CLUSTER_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  await withFinder('leave', async (finder, primary) => {
    const source = new StatementSource(await prepare(primary), randomOf(seed), isWhole);
    for (let count = 0; count < GENERATED; count++) await finder.judge(source.next());
    context.diagnostic(`CLUSTER_SEED=${seed}: ${describeCounts(finder.counts)}`);
    assert.deepEqual(finder.misroutes, []);
    assert.ok(finder.counts.toReplica > GENERATED / 4, 'too few of them are tried');
  });
});

void test(
  'invariant 1: the statements of the regression tests of Postgres',
  {skip: isWhole ? false : 'with CLUSTER_ROUNDS=full'},
  async (context) => {
    const folder = regressionFolder();
    if (folder === undefined) {
      context.skip('the source of Postgres cannot be downloaded');
      return;
    }
    const all = {...NO_COUNTS};
    const misroutes: unknown[] = [];
    const lost: string[] = [];
    for (const name of scriptNames(folder)) {
      await withFinder('judge', async (finder) => {
        for (const statement of readScript(folder, name)) {
          await finder.judge(statement.text, () => statement.copyData());
        }
        addTo(all, finder.counts);
        lost.push(...finder.lost);
        misroutes.push(...finder.misroutes);
      });
    }
    context.diagnostic(
      `${describeCounts(all)}; ${all.lost} of ${all.safe} safe ones to the primary`,
    );
    context.diagnostic(mostFrequent(lost.map((line) => line.split(' at character')[0] ?? '')));
    assert.deepEqual(misroutes, []);
    assert.ok(all.toReplica > 10_000, 'too few of them are tried');
    assert.ok(all.lost / all.safe <= 0.12, `${((all.lost / all.safe) * 100).toFixed(1)} % lost`);
  },
);

function addTo(all: Counts, {...counts}: Counts): void {
  all.statements += counts.statements;
  all.toReplica += counts.toReplica;
  all.same += counts.same;
  all.varying += counts.varying;
  all.absorbed += counts.absorbed;
  all.safe += counts.safe;
  all.lost += counts.lost;
}

function mostFrequent(lines: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  const most = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, 20);
  return most.map(([line, count]) => `${count} ${line}`).join('\n');
}
