/**
 * Reads the command line into a command. Pure. Anything unknown is an error that suggests what may
 * have been meant; nothing is ignored.
 */
import {PgTestError} from '../error';

const COMMANDS = ['start', 'stop', 'run', 'list', 'help'] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Command {
  name: CommandName;
  /** `--version`, `--name` and so on, by their names without dashes. */
  flags: Readonly<Partial<Record<FlagName, string | true>>>;
  /** Of `stop`: a server's name. Of `run`: the command and its arguments. */
  operands: readonly string[];
}

const FLAGS = {
  version: {takes: 'value', commands: ['start', 'run']},
  port: {takes: 'value', commands: ['start', 'run']},
  name: {takes: 'value', commands: ['start', 'run', 'stop']},
  replicas: {takes: 'value', commands: ['start', 'run']},
  binaries: {takes: 'value', commands: ['start', 'run']},
  durable: {takes: 'nothing', commands: ['start', 'run']},
  storage: {takes: 'value', commands: ['start', 'run']},
  json: {takes: 'nothing', commands: ['start', 'list']},
  all: {takes: 'nothing', commands: ['stop']},
  help: {takes: 'nothing', commands: COMMANDS},
} as const satisfies Record<string, {takes: 'value' | 'nothing'; commands: readonly CommandName[]}>;

export type FlagName = keyof typeof FLAGS;

/** Throws `PG_TEST_BAD_OPTION`. */
export function parseArguments(args: readonly string[]): Command {
  const [first, ...rest] = args;
  if (first === undefined || first === '--help' || first === '-h') {
    return {name: 'help', flags: {}, operands: []};
  }
  const name = COMMANDS.find((command) => command === first);
  if (name === undefined) {
    throw usage(`There is no command "${first}"${suggest(first, COMMANDS)}`);
  }
  const flags: Partial<Record<FlagName, string | true>> = {};
  const operands: string[] = [];
  for (let index = 0; index < rest.length; index++) {
    const argument = rest[index] ?? '';
    if (argument === '--') {
      operands.push(...rest.slice(index + 1));
      break;
    }
    if (!argument.startsWith('-')) {
      // The rest of `run` is the caller's own command, flags and all.
      if (name === 'run') {
        operands.push(...rest.slice(index));
        break;
      }
      operands.push(argument);
      continue;
    }
    const [text, inline] = splitOnce(argument === '-h' ? '--help' : argument);
    const flag = findFlag(name, text);
    if (FLAGS[flag].takes === 'nothing') {
      if (inline !== undefined) throw usage(`${text} takes no value.`);
      flags[flag] = true;
      continue;
    }
    const value = inline ?? rest[++index];
    if (value === undefined || value.startsWith('--')) throw usage(`${text} needs a value.`);
    flags[flag] = value;
  }
  return checked({name, flags, operands});
}

function checked(command: Command): Command {
  const {name, flags, operands} = command;
  if (flags.help) return {name: 'help', flags: {}, operands: [name]};
  if (name === 'run' && operands.length === 0) {
    throw usage('run needs a command, for example: pg-test run -- npm test');
  }
  const limit =
    name === 'run' ? Number.POSITIVE_INFINITY : name === 'stop' || name === 'help' ? 1 : 0;
  if (operands.length > limit) {
    throw usage(`${name} does not take "${operands[limit]}".`);
  }
  const serverName = flags.name ?? (name === 'stop' ? operands[0] : undefined);
  if (typeof serverName === 'string' && !/^[A-Za-z0-9][\w.-]{0,62}$/.test(serverName)) {
    throw usage(
      `A server's name is made of letters, digits, ".", "_" and "-"; ${JSON.stringify(serverName)} is not.`,
    );
  }
  return command;
}

function findFlag(command: CommandName, text: string): FlagName {
  const names = Object.keys(FLAGS).filter(isFlagName);
  const flag = names.find((name) => `--${name}` === text);
  if (flag === undefined) {
    throw usage(
      `There is no flag ${text}${suggest(
        text,
        names.map((name) => `--${name}`),
      )}`,
    );
  }
  const commands: readonly CommandName[] = FLAGS[flag].commands;
  if (!commands.includes(command)) {
    throw usage(`${text} does not apply to ${command}, only to ${commands.join(' and ')}.`);
  }
  return flag;
}

function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(FLAGS, name);
}

function splitOnce(argument: string): [text: string, value: string | undefined] {
  const equals = argument.indexOf('=');
  return equals === -1
    ? [argument, undefined]
    : [argument.slice(0, equals), argument.slice(equals + 1)];
}

/** The nearest name, when it is near enough to be a slip of the finger. */
function suggest(text: string, names: readonly string[]): string {
  const [nearest] = names
    .map((name) => ({name, distance: editDistance(text, name)}))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= 3
    ? `; did you mean "${nearest.name}"?`
    : `; there are: ${names.join(', ')}`;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({length: b.length + 1}, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function usage(message: string): PgTestError {
  return new PgTestError('PG_TEST_BAD_OPTION', `${message}\nSee: pg-test --help`);
}
