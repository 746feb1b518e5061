/**
 * Remembers the last configuration that was read, and gives it out again as long as reading would find the same:
 * reading costs more than half of what making a pool does, and scripts and tests make one pool after the other.
 *
 * It knows nothing of what is read or what it means. Invariants: a variable, file or option that differs from what
 * the remembered answer was made of is always noticed, since everything is looked at again; an error is never
 * remembered; what the program does later to the objects it passed changes nothing that is remembered.
 */
import {copyPlain, samePlain} from './plain-value';
import type {ConfigSources} from './settings';

interface Remembered<Answer> {
  readonly input: unknown;
  readonly found: Expected;
  readonly answer: Answer;
}

/** What a reading found, by what it asked for. */
interface Findings {
  readonly variables: Map<string, string | undefined>;
  readonly files: Map<string, string | undefined>;
  readonly modes: Map<string, number | undefined>;
  /** Which of the plain fields of the sources were asked for. */
  readonly fields: Map<PlainField, string | undefined>;
}

/** One thing that was asked for, and what was found. */
interface Finding<Key, Value> {
  readonly key: Key;
  readonly value: Value;
}

/** Findings as lists of objects: going through these is what costs least, and it is done for each pool. */
interface Expected {
  readonly variables: readonly Finding<string, string | undefined>[];
  readonly files: readonly Finding<string, string | undefined>[];
  readonly modes: readonly Finding<string, number | undefined>[];
  readonly fields: readonly Finding<PlainField, string | undefined>[];
}

type PlainField = 'homedir' | 'username' | 'platform' | 'cwd';

export class RememberedConfig<Input, Answer> {
  readonly #read: (input: Input, sources: ConfigSources) => Answer;
  #last: Remembered<Answer> | undefined;

  /** @param read Its answer must not be one that can change, and must depend on its arguments alone. */
  constructor(read: (input: Input, sources: ConfigSources) => Answer) {
    this.#read = read;
  }

  /** @throws What reading throws. */
  read(input: Input, sources: ConfigSources): Answer {
    const last = this.#last;
    if (last !== undefined && samePlain(input, last.input) && same(last.found, sources))
      return last.answer;
    const copy = copyPlain(input);
    // Of an instance of some class it cannot be known what it says the next time.
    if (copy === undefined) return this.#read(input, sources);
    const found: Findings = {
      variables: new Map(),
      files: new Map(),
      modes: new Map(),
      fields: new Map(),
    };
    const answer = this.#read(copy.value, recording(sources, found));
    this.#last = {input: copy.value, found: expected(found), answer};
    return answer;
  }
}

function expected({variables, files, modes, fields}: Findings): Expected {
  return {
    variables: listed(variables),
    files: listed(files),
    modes: listed(modes),
    fields: listed(fields),
  };
}

function listed<Key, Value>(found: ReadonlyMap<Key, Value>): Finding<Key, Value>[] {
  return Array.from(found, ([key, value]) => ({key, value}));
}

function same({variables, files, modes, fields}: Expected, sources: ConfigSources): boolean {
  const {env} = sources;
  // Some forty, for each pool: a loop calls nothing.
  for (const {key, value} of variables) if (env[key] !== value) return false;
  return (
    fields.every(({key, value}) => sources[key] === value) &&
    files.every(({key, value}) => sources.readFile(key) === value) &&
    modes.every(({key, value}) => sources.fileMode?.(key) === value)
  );
}

/** The same sources, which note what they are asked for. */
function recording(sources: ConfigSources, found: Findings): ConfigSources {
  const field = (name: PlainField): string | undefined => noted(found.fields, name, sources[name]);
  return {
    // An object of no variables behind it: what asks in another way than by name finds none, and a test sees it.
    env: new Proxy<ConfigSources['env']>(
      {},
      {
        get: (_, name) =>
          typeof name === 'string' ? noted(found.variables, name, sources.env[name]) : undefined,
      },
    ),
    readFile: (path) => noted(found.files, path, sources.readFile(path)),
    fileMode: (path) => noted(found.modes, path, sources.fileMode?.(path)),
    get homedir() {
      return field('homedir');
    },
    get username() {
      return field('username');
    },
    get platform() {
      return field('platform');
    },
    get cwd() {
      return field('cwd');
    },
  };
}

function noted<Key, Value>(into: Map<Key, Value>, key: Key, value: Value): Value {
  into.set(key, value);
  return value;
}
