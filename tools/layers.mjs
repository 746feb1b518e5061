/**
 * Which part of the project may import which: the arrows of docs/design as a table, and nothing else.
 *
 * Everything here is a rule on paths. A part that is not in a table is an error of its own, so a new package
 * or folder gets its place on purpose.
 */

/** Packages by folder name; each may import itself and these. */
export const PACKAGES = {
  sql: [],
  pg: ['sql'],
  'pg-cluster': ['pg', 'sql'],
  'pg-test': [],
  'pg-otel': ['pg', 'sql'],
  'pg-compat': ['pg'],
};

/** What a package may import of npm, because the program that uses it has it anyway. */
const PEERS = {
  'pg-otel': ['@opentelemetry/api'],
};

/** What is there when such a file is loaded, because it loads it: the test runner of a set-up file. */
const HOSTS = {'packages/pg-test/runners/vitest-setup.mjs': 'vitest'};

/** Folders of packages/pg/src; each may import itself and these. */
export const LAYERS = {
  errors: [],
  protocol: ['errors'],
  types: ['errors'],
  config: ['errors'],
  pool: ['errors'],
  tracing: ['errors'],
  copy: ['protocol', 'types', 'errors', '@databases/sql'],
  connection: ['protocol', 'types', 'config', 'errors', 'tracing'],
  client: ['connection', 'copy', 'pool', 'types', 'config', 'errors', 'tracing', '@databases/sql'],
  // The page of `db.inspector()`: shows what it is given, so of the client it knows types.
  inspector: ['client', 'errors'],
  // `databases-pg watch`: asks a server, or the inspector of a program.
  watch: ['client', 'errors', '@databases/sql'],
  // `@databases/pg/raw`: connections and the pool below the queries.
  raw: ['client', 'connection', 'pool', 'types', 'config', 'errors'],
  // `databases-pg doctor`: looks at connections from outside, so it stands on them and nothing stands on it.
  doctor: ['client', 'connection', 'config', 'errors'],
};

/**
 * Folders inside of these, from the ground up: each may import itself and the ones named, which stand above it in the
 * table, so that there are no cycles of folders. Files beside the folders put them together: none of them imports those.
 *
 * They have no index. What programs see leads into some of them, and an index would carry all of the rest into the
 * declarations that are published.
 */
export const FOLDERS = {
  'packages/pg/src/client': {
    // Who calls, from where, and how long they want to wait.
    callers: [],
    statements: [],
    values: [],
    listen: ['callers'],
    silence: [],
    // What is told to the program: its handlers, its stats, whoever waits for a connection to be free.
    telemetry: ['statements'],
    // A query from its text to what it gives, wherever it runs.
    queries: ['callers', 'statements', 'telemetry', 'values'],
    // Whose turn it is on a connection that one caller holds.
    lock: ['callers'],
    streams: ['callers', 'lock', 'queries', 'telemetry', 'values'],
    copies: ['callers', 'queries', 'telemetry', 'values'],
    // The types that programs see.
    api: ['copies', 'listen', 'telemetry'],
    // A connection that one caller holds.
    sessions: [
      'api',
      'callers',
      'copies',
      'listen',
      'lock',
      'queries',
      'statements',
      'streams',
      'telemetry',
      'values',
    ],
    transactions: ['api', 'callers', 'queries', 'sessions', 'values'],
    // Queries on connections that others use at the same time.
    sharing: ['api', 'callers', 'queries', 'statements'],
    pools: [
      'api',
      'callers',
      'copies',
      'listen',
      'queries',
      'sessions',
      'sharing',
      'silence',
      'statements',
      'streams',
      'telemetry',
      'transactions',
      'values',
    ],
  },
  'packages/pg/src/connection': {
    // What all connections of the process share.
    memory: [],
    rows: ['memory'],
    statements: ['rows'],
    // One session without I/O: what is sent is an exchange.
    session: ['statements'],
    exchanges: ['rows', 'session', 'statements'],
    // What all parts of one attempt to connect share.
    attempts: [],
    transport: ['attempts'],
    hosts: ['attempts', 'transport'],
    handshake: ['attempts', 'session', 'transport'],
    testing: ['exchanges', 'handshake', 'rows', 'session', 'statements'],
  },
  'packages/pg-cluster/src': {
    consistency: [],
    health: ['consistency'],
    routing: [],
    api: ['health', 'routing'],
    balance: [],
    topology: ['api', 'balance', 'consistency', 'health'],
    // What becomes of one call: a read, a write, what stays on one node.
    calls: ['api', 'balance', 'consistency', 'routing', 'topology'],
    cluster: ['api', 'calls', 'consistency', 'health', 'routing', 'topology'],
    rendering: ['api', 'health'],
    watch: ['api', 'cluster', 'rendering', 'topology'],
  },
};

/** The one folder of packages/pg that opens sockets. */
const TRANSPORT = 'packages/pg/src/connection/transport/';
const SOCKET_MODULES = ['node:net', 'node:tls'];

/** These layers are pure: what they need from outside is handed to them. */
const PURE_LAYERS = new Set(['protocol', 'types', 'config']);
const IMPURE_MODULES = ['node:net', 'node:tls', 'node:fs', 'node:timers'];

/** @returns {{package?: string, layer?: string, root: boolean}} where a path stands */
function placeOf(path) {
  const [top, name, source, layer, ...rest] = path.split('/');
  if (top !== 'packages') return {root: false};
  const inFolder = source === 'src' && rest.length > 0;
  return {package: name, layer: inFolder ? layer : undefined, root: !inFolder};
}

/** Tests, and what only tests use: `x.test.ts`, `x.test.support.ts`, `protocol/testing/x.ts`. */
export function isTestCode(path) {
  return /\.test\.|\/testing\//.test(path);
}

function isModule(specifier, modules) {
  return modules.some((module) => specifier === module || specifier.startsWith(`${module}/`));
}

/** What is wrong with one import of a Node module, or undefined. */
function checkNodeImport(path, specifier, typeOnly) {
  if (typeOnly || isTestCode(path)) return undefined;
  const place = placeOf(path);
  if (place.package === 'sql') {
    return `${specifier} in @databases/sql, which also runs in browsers and imports no Node module`;
  }
  if (place.package !== 'pg' || path.startsWith(TRANSPORT)) return undefined;
  if (isModule(specifier, SOCKET_MODULES)) {
    return `${specifier} outside ${TRANSPORT}, the only folder that opens sockets (import type is fine)`;
  }
  if (PURE_LAYERS.has(place.layer) && isModule(specifier, IMPURE_MODULES)) {
    return `${specifier} in ${place.layer}, which is pure: take what you need as an argument`;
  }
  return undefined;
}

/** What is wrong with an import from one package of another (or of npm), or undefined. */
function checkPackageImport(path, specifier) {
  const place = placeOf(path);
  if (place.package === undefined) return undefined;
  const [, imported] = /^@databases\/([^/]+)/.exec(specifier) ?? [];
  if (imported === undefined) {
    const isThere = PEERS[place.package]?.includes(specifier) || HOSTS[path] === specifier;
    if (isTestCode(path) || isThere) return undefined;
    return `${specifier} in packages/${place.package}, which has no dependencies outside this project`;
  }
  if (imported === place.package) {
    return place.layer === undefined || LAYERS[place.layer] === undefined
      ? undefined
      : `${place.layer} imports its own package; import the file`;
  }
  if (!PACKAGES[place.package].includes(imported)) {
    return `packages/${place.package} may not import ${specifier}`;
  }
  if (place.package === 'pg' && place.layer !== undefined) {
    const allowed = LAYERS[place.layer];
    if (!allowed.includes(`@databases/${imported}`)) {
      return `${place.layer} may not import ${specifier}`;
    }
  }
  return undefined;
}

/** @returns {{base: string, folder?: string} | undefined} where a path stands in FOLDERS */
function folderOf(path) {
  const base = Object.keys(FOLDERS).find((each) => path.startsWith(`${each}/`));
  if (base === undefined) return undefined;
  const [folder, ...rest] = path.slice(base.length + 1).split('/');
  return rest.length > 0 ? {base, folder} : {base};
}

/** What is wrong with an import between two folders of one layer, or undefined. Tests put together what they like. */
function checkFolderImport(path, target) {
  const from = folderOf(path);
  const to = folderOf(target);
  if (from?.folder === undefined || to?.base !== from.base || isTestCode(path)) return undefined;
  const {base, folder} = from;
  if (to.folder === undefined) return `${folder} may not import ${target}, which stands above it`;
  const allowed = FOLDERS[base][folder];
  if (folder === to.folder || allowed.includes(to.folder)) return undefined;
  return `${folder} may not import ${to.folder} (may: ${allowed.join(', ') || 'nothing'})`;
}

/** What is wrong with an import of one file of the project by another, or undefined. */
function checkFileImport(path, target) {
  const from = placeOf(path);
  const to = placeOf(target);
  if (from.package === undefined) return undefined;
  if (to.package !== from.package) {
    return `${target} is outside packages/${from.package}; import packages by their names`;
  }
  if (target.includes('/testing/') && !isTestCode(path)) {
    return `${target} is there for tests only`;
  }
  const betweenFolders = checkFolderImport(path, target);
  if (betweenFolders !== undefined) return betweenFolders;
  if (from.package !== 'pg' || from.root) return undefined;
  if (to.root) return `${from.layer} may not import ${target}, which stands above it`;
  if (from.layer === to.layer || LAYERS[from.layer].includes(to.layer)) return undefined;
  if (target.startsWith('packages/pg/src/protocol/testing/') && isTestCode(path)) return undefined;
  return `${from.layer} may not import ${to.layer} (may: ${LAYERS[from.layer].join(', ') || 'nothing'})`;
}

/** Whether the tables know the place of a file; what to do if not. */
export function checkPlace(path) {
  const place = placeOf(path);
  if (place.package === undefined) return undefined;
  if (!Object.hasOwn(PACKAGES, place.package)) {
    return `packages/${place.package} has no place yet: say in PACKAGES of tools/layers.mjs what it may import`;
  }
  if (place.package === 'pg' && place.layer !== undefined && !Object.hasOwn(LAYERS, place.layer)) {
    return `packages/pg/src/${place.layer} has no place yet: say in LAYERS of tools/layers.mjs what it may import`;
  }
  const inner = folderOf(path);
  if (inner?.folder !== undefined && !Object.hasOwn(FOLDERS[inner.base], inner.folder)) {
    return `${inner.base}/${inner.folder} has no place yet: say in FOLDERS of tools/layers.mjs what it may import`;
  }
  return undefined;
}

/**
 * @param {string} path the importing file
 * @param {{specifier: string, typeOnly: boolean, target?: string}} imported `target` is the path a relative
 *   specifier leads to, without a file necessarily being there
 */
export function checkImport(path, {specifier, typeOnly, target}) {
  if (target !== undefined) return checkFileImport(path, target);
  if (specifier.startsWith('node:')) return checkNodeImport(path, specifier, typeOnly);
  return checkPackageImport(path, specifier);
}
