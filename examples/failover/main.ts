/**
 * Kills a primary under load, promotes a replica and prints what the program saw of it: see README.md.
 *
 *     node dist/main.js [milliseconds of load before and after] [milliseconds until somebody promotes]
 */
import {setTimeout as pause} from 'node:timers/promises';
import {sql} from '@databases/pg';
import createCluster, {renderNodes} from '@databases/pg-cluster';
import type {Cluster} from '@databases/pg-cluster';
import {startCluster} from '@databases/pg-test';
import type {Server} from '@databases/pg-test';
import {Load, NEWEST} from './load';

const [loadMilliseconds = 2000, decisionMilliseconds = 1000] = process.argv.slice(2).map(Number);

async function main(): Promise<void> {
  console.log('Starting a primary with two replicas ...');
  const servers = await startCluster({replicas: 2});
  try {
    await failOver([servers.primary, ...servers.replicas]);
  } finally {
    await servers.stop();
  }
}

async function failOver([primary, heir, other]: readonly Server[]): Promise<void> {
  if (primary === undefined || heir === undefined || other === undefined) return;
  const names = [primary, heir, other].map(({port}) => `127.0.0.1:${port}`);
  const db = createCluster({hosts: names, user: primary.user, onError() {}});
  try {
    await db.query(sql`CREATE TABLE orders (id bigint NOT NULL)`);
    // The catalogue is read again after CREATE TABLE; until then reads go to the primary.
    while ((await db.explain(NEWEST)).target !== 'replica') await pause(50);
    const timeline = new Timeline(db);
    timeline.say('requests begin: 3 workers write, 3 read');
    const load = new Load(db);
    await pause(loadMilliseconds);

    await primary.kill();
    timeline.begin(`the primary ${names[0]} is killed`);
    await pause(decisionMilliseconds);
    timeline.say(`${names[1]} is promoted`);
    const promoted = new Promise((resolve) => db.on('failover', resolve));
    await heir.promote();
    await promoted;
    await other.follow(heir);
    timeline.say(`${names[2]} follows it`);
    await pause(loadMilliseconds);
    await load.end();
    timeline.say('requests end');

    console.log(`\n${renderNodes(db.nodes())}`);
    await printOutcome(db, load);
  } finally {
    await db.dispose();
  }
}

/** Prints what happens, with the time since the beginning. */
class Timeline {
  #start = performance.now();

  constructor(db: Cluster) {
    db.on('eject', ({node, reason}) => this.say(`  cluster: ${node} is out: ${reason}`));
    db.on('admit', ({node}) => this.say(`  cluster: ${node} serves again`));
    db.on('failover', ({to, timeline}) =>
      this.say(`  cluster: writes go to ${to}, timeline ${timeline}`),
    );
  }

  /** Times count from now. */
  begin(text: string): void {
    this.#start = performance.now();
    this.say(text);
  }

  say(text: string): void {
    const milliseconds = (performance.now() - this.#start).toFixed(0);
    console.log(`${milliseconds.padStart(6)} ms  ${text}`);
  }
}

async function printOutcome(db: Cluster, load: Load): Promise<void> {
  const {reads, writes, acknowledged, unknown, errors} = load;
  const rows = await db.query(sql`SELECT id, count(*) AS copies FROM orders GROUP BY id`, {
    on: 'primary',
  });
  const stored = new Set(rows.map(({id}) => Number(id)));
  const twice = rows.filter(({copies}) => copies > 1).length;
  const lost = acknowledged.filter((id) => !stored.has(id)).length;
  const kept = unknown.filter((id) => stored.has(id)).length;
  console.log(`reads   ${reads.done}, failed ${reads.failed}, the longest took ${took(reads)}`);
  console.log(
    `writes  ${writes.done}, refused ${writes.failed - unknown.length}, the longest waited ${took(writes)}`,
  );
  console.log(`        ${unknown.length} were sent and not answered; ${kept} of them are stored`);
  console.log(`        ${twice} are stored twice`);
  console.log(`        ${lost} were acknowledged by the old primary and lost with it`);
  for (const error of errors) console.log(String(error));
}

function took({longestMilliseconds}: {readonly longestMilliseconds: number}): string {
  return `${longestMilliseconds.toFixed(0)} ms`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
