/**
 * Where the time of a V8 profile went: self time per function, by the file and line of the source.
 *
 *     node bench/dist/hot-places.js <file.cpuprofile> [how many]
 */
import {existsSync, readFileSync} from 'node:fs';
import {SourceMap} from 'node:module';
import * as path from 'node:path';
import {fileURLToPath} from 'node:url';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** What is used of https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
interface Profile {
  readonly nodes: readonly {readonly id: number; readonly callFrame: CallFrame}[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface HotPlace {
  readonly place: string;
  readonly microseconds: number;
}

/** In descending order. `locate` names a place; frames that it names alike are added up. */
export function hotPlaces(profile: Profile, locate: (frame: CallFrame) => string): HotPlace[] {
  const places = new Map(profile.nodes.map(({id, callFrame}) => [id, locate(callFrame)]));
  const spent = new Map<string, number>();
  for (const [index, id] of profile.samples.entries()) {
    const place = places.get(id) ?? 'unknown';
    spent.set(place, (spent.get(place) ?? 0) + (profile.timeDeltas[index] ?? 0));
  }
  return [...spent]
    .map(([place, microseconds]) => ({place, microseconds}))
    .sort((a, b) => b.microseconds - a.microseconds);
}

function sourceLocator(): (frame: CallFrame) => string {
  const maps = new Map<string, SourceMap | undefined>();
  return ({functionName, url, lineNumber, columnNumber}) => {
    const name = functionName === '' ? '(anonymous)' : functionName;
    if (!url.startsWith('file:')) return `${name} ${url}`;
    const file = fileURLToPath(url);
    if (!maps.has(file)) maps.set(file, readSourceMap(`${file}.map`));
    const entry = maps.get(file)?.findEntry(lineNumber, columnNumber);
    if (entry === undefined || !('originalSource' in entry)) {
      return `${name} ${path.relative('', file)}:${lineNumber + 1}`;
    }
    const source = path.relative('', path.resolve(path.dirname(file), entry.originalSource));
    return `${name} ${source}:${entry.originalLine + 1}`;
  };
}

function readSourceMap(file: string): SourceMap | undefined {
  return existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

function main(file: string, count: number): void {
  const profile: Profile = JSON.parse(readFileSync(file, 'utf8'));
  const all = hotPlaces(profile, sourceLocator());
  const idle = new Set(['(idle) ', '(program) ', '(root) ']);
  const busy = all.filter(({place}) => !idle.has(place));
  const total = busy.reduce((sum, {microseconds}) => sum + microseconds, 0);
  for (const {place, microseconds} of busy.slice(0, count)) {
    console.log(`${((microseconds / total) * 100).toFixed(1).padStart(5)} %  ${place}`);
  }
}

const [file, count = '30'] = process.argv.slice(2);
if (require.main === module && file !== undefined) main(file, Number(count));
