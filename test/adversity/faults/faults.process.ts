/**
 * `npm run faults`: puts this client, and with `--peers` also pg and postgres, through the faults, each in a process of
 * its own, and shows what came of it. With `--peers` and no names, writes the table of docs/reliability.md.
 * Ends with 1 when a promise of ours was not kept.
 */
import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join, resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {startServer} from '@databases/pg-test';
import {CLIENT_NAMES, FAULTS} from './catalog';
import type {ClientName} from './catalog';
import type {Fault, Outcome} from './fault';
import {benchFolder} from './peers';
import {runTrial} from './run-trial';
import {putTable, tableOf} from './table';

const root = resolve(__dirname, '../../../..');
const page = join(root, 'docs/reliability.md');

const PEERS = ['peer-pg', 'peer-postgres'];

const USAGE = `npm run faults                       all faults, with this client
npm run faults -- --peers            with pg and postgres too; writes the table of docs/reliability.md
npm run faults -- ddl half-open      only these
npm run faults -- --version 15       on Postgres 15 (default 18)

${FAULTS.map(({name, title}) => `  ${name.padEnd(24)}${title}`).join('\n')}`;

interface Row {
  readonly fault: Fault;
  readonly outcomes: Partial<Record<ClientName, Outcome>>;
}

interface Work {
  readonly fault: Fault;
  readonly client: ClientName;
}

function readArguments() {
  try {
    const {values, positionals} = parseArgs({
      allowPositionals: true,
      options: {
        peers: {type: 'boolean', default: false},
        version: {type: 'string', default: '18'},
        help: {type: 'boolean', default: false},
      },
    });
    const unknown = positionals.filter((name) => FAULTS.every((fault) => fault.name !== name));
    if (unknown.length > 0) throw new Error(`No such fault: ${unknown.join(', ')}.`);
    if (!values.help) return {...values, names: positionals};
    console.log(USAGE);
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

function installPeers(): void {
  const folder = join(benchFolder, 'node_modules');
  if (PEERS.every((name) => existsSync(join(folder, name)))) return;
  console.error('Installing the peers into bench/node_modules ...');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: benchFolder,
    stdio: 'inherit',
  });
  if (npm.status !== 0) throw new Error('The peers could not be installed.');
}

async function main(): Promise<void> {
  const {peers, version, names} = readArguments();
  if (peers) installPeers();
  const faults = FAULTS.filter(({name}) => names.length === 0 || names.includes(name));
  const clients = peers ? CLIENT_NAMES : CLIENT_NAMES.slice(0, 1);
  const rows = faults.map((fault): Row => ({fault, outcomes: {}}));
  const work: Work[] = faults.flatMap((fault) => clients.map((client) => ({fault, client})));
  await using server = await startServer({version});
  const take = async (): Promise<void> => {
    for (let next = work.shift(); next !== undefined; next = work.shift()) {
      const {fault, client} = next;
      const outcome = await runTrial(server, fault, client);
      const row = rows.find((each) => each.fault === fault);
      if (row !== undefined) row.outcomes[client] = outcome;
      console.log(
        `${outcome.kept ? 'kept  ' : 'BROKEN'} ${fault.name} ${client}: ${outcome.figure}`,
      );
    }
  };
  // Most of a trial is waiting.
  await Promise.all(Array.from({length: Math.max(2, availableParallelism())}, take));
  if (peers && names.length === 0) {
    const remark = `Postgres ${version}, Node ${process.versions.node}, one run.`;
    writeFileSync(page, putTable(readFileSync(page, 'utf8'), tableOf(rows, remark)));
    spawnSync(process.execPath, [join(root, 'node_modules/oxfmt/bin/oxfmt'), page], {cwd: root});
    console.log(`\nWrote ${page}`);
  }
  const broken = rows.filter(({outcomes}) => outcomes.ours?.kept !== true);
  console.log(`\n${rows.length - broken.length} of ${rows.length} kept by ours`);
  if (broken.length > 0) process.exitCode = 1;
}

void main();
