/** Files: which ones the configuration was read from, and how long that took. */
import type {ConfigSources} from '../config';
import type {Fact, Step} from './report';

export interface FileRecord {
  readonly found: Set<string>;
  readonly missing: Set<string>;
  milliseconds: number;
}

/** The same sources, with a record of what was looked for. */
export function recordFiles(
  sources: ConfigSources,
  now: () => number,
): {sources: ConfigSources; record: FileRecord} {
  const record: FileRecord = {found: new Set(), missing: new Set(), milliseconds: 0};
  const readFile = (path: string): string | undefined => {
    const start = now();
    const text = sources.readFile(path);
    record.milliseconds += now() - start;
    (text === undefined ? record.missing : record.found).add(path);
    return text;
  };
  return {sources: {...sources, readFile}, record};
}

export function filesStep({found, missing, milliseconds}: FileRecord): Step {
  const facts: Fact[] = [...found].map((path) => ({name: 'read', value: path}));
  const count = found.size === 1 ? '1 file' : `${found.size} files`;
  return {
    name: 'files',
    status: 'ok',
    milliseconds,
    summary: `${count} read, ${missing.size} that may be there are not`,
    facts,
  };
}
