/** Entry of the command line: one command in, one exit code out. */
import {PgTestError} from '../error';
import {Registry} from '../registry';
import type {RegistryEntry} from '../registry';
import {parseArguments} from './arguments';
import type {Command} from './arguments';
import {HELP} from './help';
import {launchFromFlags} from './launch';
import {runCommandWithServer} from './run';

const DEFAULT_NAME = 'default';
/** sysexits.h has EX_USAGE 64; the usual shell convention is shorter. */
const USAGE_EXIT_CODE = 2;

/** Never rejects: errors of this package are printed without a stack. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await execute(parseArguments(args));
  } catch (error) {
    if (!(error instanceof PgTestError)) throw error;
    process.stderr.write(`pg-test: ${error.message}\n`);
    return error.code === 'PG_TEST_BAD_OPTION' ? USAGE_EXIT_CODE : 1;
  }
}

function execute(command: Command): Promise<number> | number {
  switch (command.name) {
    case 'start':
      return start(command.flags);
    case 'stop':
      return stop(command);
    case 'run':
      return runCommandWithServer(command);
    case 'list':
      return list(command.flags.json === true);
    case 'help':
      break;
  }
  print(HELP);
  return 0;
}

async function start(flags: Command['flags']): Promise<number> {
  const registry = new Registry();
  const name = typeof flags.name === 'string' ? flags.name : DEFAULT_NAME;
  const existing = await registry.find(name);
  if (existing) {
    refuseOtherFlags(existing, flags);
    report(existing, flags.json === true, 'runs already');
    return 0;
  }
  const launched = await launchFromFlags(flags, name, 'start');
  try {
    registry.add(launched.entry);
  } catch (error) {
    await launched.stop();
    throw error;
  }
  report(launched.entry, flags.json === true, 'started');
  return 0;
}

/** Giving back a server other than the one asked for would be a lie. */
function refuseOtherFlags(existing: RegistryEntry, flags: Command['flags']): void {
  const differences: string[] = [];
  if (
    flags.version !== undefined &&
    Number(flags.version) !== Number.parseInt(existing.version, 10)
  ) {
    differences.push(`version ${existing.version}`);
  }
  if (
    flags.port !== undefined &&
    Number(flags.port) !== 0 &&
    Number(flags.port) !== existing.port
  ) {
    differences.push(`port ${existing.port}`);
  }
  if (flags.durable === true && !existing.durable) differences.push('fsync off');
  if (flags.replicas !== undefined && Number(flags.replicas) !== existing.servers.length - 1) {
    differences.push(`${existing.servers.length - 1} replicas`);
  }
  if (differences.length === 0) return;
  throw new PgTestError(
    'PG_TEST_NAME_TAKEN',
    `A server named "${existing.name}" runs already, with ${differences.join(', ')}. ` +
      `Stop it (pg-test stop ${existing.name}) or choose another --name.`,
  );
}

/** The connection string comes last, for `$(pg-test start | tail -1)`. */
function report(entry: RegistryEntry, json: boolean, what: string): void {
  if (json) return print(`${JSON.stringify(forPeople(entry))}\n`);
  const [primary, ...replicas] = entry.servers;
  print(
    `Postgres ${entry.version} "${entry.name}" ${what}; stop it with: pg-test stop ${entry.name}\n`,
  );
  for (const replica of replicas) print(`replica ${replica.connectionString}\n`);
  print(`${primary?.connectionString ?? ''}\n`);
}

async function stop(command: Command): Promise<number> {
  const registry = new Registry();
  const entries = await registry.list();
  const {all, name: flag} = command.flags;
  const name = typeof flag === 'string' ? flag : (command.operands[0] ?? DEFAULT_NAME);
  const chosen = all === true ? entries : entries.filter((entry) => entry.name === name);
  if (chosen.length === 0 && all !== true) {
    const names = entries.map((entry) => entry.name).join(', ');
    throw new PgTestError(
      'PG_TEST_NOT_FOUND',
      `No server named "${name}" runs. ${names ? `There are: ${names}.` : 'None does.'}`,
    );
  }
  for (const entry of chosen) {
    await registry.end(entry);
    print(`stopped "${entry.name}"\n`);
  }
  return 0;
}

async function list(json: boolean): Promise<number> {
  const entries = await new Registry().list();
  if (json) print(`${JSON.stringify(entries.map(forPeople))}\n`);
  else if (entries.length === 0) print('No server runs.\n');
  for (const entry of json ? [] : entries) {
    const replicas = entry.servers.length - 1;
    const suffix = replicas > 0 ? `  (+${replicas} replicas)` : '';
    print(
      `${entry.name}  Postgres ${entry.version}  ${entry.servers[0]?.connectionString ?? ''}${suffix}\n`,
    );
  }
  return 0;
}

function forPeople(entry: RegistryEntry): Record<string, unknown> {
  const [primary, ...replicas] = entry.servers;
  return {
    name: entry.name,
    version: entry.version,
    port: entry.port,
    owner: entry.owner,
    startedAt: entry.startedAt,
    processId: primary?.processId,
    connectionString: primary?.connectionString,
    replicas: replicas.map((replica) => replica.connectionString),
  };
}

function print(text: string): void {
  process.stdout.write(text);
}
