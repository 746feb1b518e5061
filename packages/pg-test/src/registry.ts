/**
 * Remembers the servers that the command line started, so that a later command can list and stop
 * them: a private folder per user with one JSON file per name. Entries of servers that are gone are
 * cleaned up, their data included, by whoever reads them.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  linkSync,
} from 'node:fs';
import {rm} from 'node:fs/promises';
import {tmpdir, userInfo} from 'node:os';
import path from 'node:path';
import {hasCode, PgTestError} from './error';
import {endForeignServer} from './foreign-server';
import {isServerOf} from './process-family';

export interface RegisteredServer {
  folder: string;
  dataDirectory: string;
  connectionString: string;
  processId: number;
}

export interface RegistryEntry {
  name: string;
  version: string;
  port: number;
  durable: boolean;
  /** Whether a `run` owns it; otherwise `start` left it running. */
  owner: 'start' | 'run';
  startedAt: string;
  /** The primary first, then its replicas. */
  servers: RegisteredServer[];
}

export function registryFolder(): string {
  return path.join(tmpdir(), `databases-pg-test-${process.getuid?.() ?? userInfo().username}`);
}

export class Registry {
  readonly #folder: string;

  /** Throws `PG_TEST_BAD_OPTION` for a folder that somebody else could have prepared. */
  constructor(folder = registryFolder()) {
    mkdirSync(folder, {recursive: true, mode: 0o700});
    const stat = statSync(folder);
    const uid = process.getuid?.();
    if (uid !== undefined && (stat.uid !== uid || (stat.mode & 0o022) !== 0)) {
      throw new PgTestError(
        'PG_TEST_BAD_OPTION',
        `${folder} belongs to another user or is open to others; remove it or set TMPDIR elsewhere.`,
      );
    }
    this.#folder = folder;
  }

  /** Throws `PG_TEST_NAME_TAKEN`: the check and the entry are one step. */
  add(entry: RegistryEntry): void {
    const draft = path.join(this.#folder, `.${process.pid}-${Date.now()}`);
    writeFileSync(draft, `${JSON.stringify(entry, undefined, 2)}\n`, {mode: 0o600});
    try {
      linkSync(draft, this.#file(entry.name));
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      throw new PgTestError(
        'PG_TEST_NAME_TAKEN',
        `A server named "${entry.name}" runs already; stop it first or choose another --name.`,
      );
    } finally {
      rmSync(draft, {force: true});
    }
  }

  /** Living entries, by name. */
  async list(): Promise<RegistryEntry[]> {
    const living: RegistryEntry[] = [];
    for (const file of readdirSync(this.#folder).sort()) {
      if (!file.endsWith('.json')) continue;
      const entry = readEntry(path.join(this.#folder, file));
      const [primary] = entry?.servers ?? [];
      if (entry && primary && isServerOf(primary.processId, primary.dataDirectory))
        living.push(entry);
      else if (entry) await this.end(entry);
      else rmSync(path.join(this.#folder, file), {force: true});
    }
    return living;
  }

  async find(name: string): Promise<RegistryEntry | undefined> {
    return (await this.list()).find((entry) => entry.name === name);
  }

  /** Ends the servers of an entry, replicas first, removes their data and the entry. */
  async end(entry: RegistryEntry): Promise<void> {
    for (const server of entry.servers.toReversed()) {
      await endForeignServer(server.dataDirectory, server.processId);
      await rm(server.folder, {recursive: true, force: true, maxRetries: 5});
    }
    this.remove(entry.name);
  }

  remove(name: string): void {
    rmSync(this.#file(name), {force: true});
  }

  #file(name: string): string {
    return path.join(this.#folder, `${name}.json`);
  }
}

function readEntry(file: string): RegistryEntry | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is RegistryEntry {
  if (typeof value !== 'object' || value === null) return false;
  if (!('name' in value) || !('servers' in value)) return false;
  return typeof value.name === 'string' && Array.isArray(value.servers);
}
