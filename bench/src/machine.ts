/** Where the numbers were made: without it they mean nothing. */
import {readFileSync} from 'node:fs';
import * as os from 'node:os';
import {join} from 'node:path';
import {packageOf, peers} from './peers';
import type {PeerName} from './peers';

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** One minute before the start: above 0 somebody else is working here. */
  readonly loadAverage: number;
}

export function describeMachine(): Machine {
  const cores = os.cpus();
  return {
    date: new Date().toISOString(),
    cpu: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryBytes: os.totalmem(),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    loadAverage: os.loadavg()[0] ?? 0,
  };
}

/** Seconds in which the machine's cores were busy, for whomever, since it started. */
export function busySeconds(): number {
  let milliseconds = 0;
  for (const {times} of os.cpus()) milliseconds += times.user + times.sys + times.nice + times.irq;
  return milliseconds / 1000;
}

/** The peer with the version that is measured. */
export function describePeer(name: PeerName, benchFolder: string): string {
  const installed = packageOf(name);
  if (installed === undefined) return peers[name].title;
  const version = versionIn(join(benchFolder, 'node_modules', installed));
  return peers[name].title.replace('{version}', version);
}

function versionIn(folder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version);
  }
  throw new Error(`${folder} has no version`);
}
