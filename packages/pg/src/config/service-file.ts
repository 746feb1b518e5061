/**
 * `service=name` -> the settings of that section of the service file (docs "The Connection Service File").
 *
 * The user's file first, then the system's (`$PGSYSCONFDIR/pg_service.conf`). No LDAP lookups, no nested services.
 */
import {posix, win32} from 'node:path';
import {ConfigurationError} from '../errors';
import {serviceFilePlace} from './file-places';
import {parameterByKeyword} from './parameters';
import type {ConfigSources, Provenance, Setting, Settings} from './settings';
import {nameSource} from './settings';
import {didYouMean} from './suggestion';

/**
 * @throws {ConfigurationError} When no file has the service (naming the files looked at and the services there are),
 * or its section has a line that is not a known `keyword=value`.
 */
export function readService(service: Setting, sources: ConfigSources): Settings {
  const known: string[] = [];
  const paths = servicePaths(sources);
  for (const path of paths) {
    const text = sources.readFile(path);
    if (text === undefined) continue;
    const sections = parseSections(text, path);
    const section = sections.get(service.value);
    if (section !== undefined) return readSection(section, path, service.value);
    known.push(...sections.keys());
  }
  const looked = paths.length === 0 ? 'no service file' : paths.join(', ');
  throw new ConfigurationError(
    `${nameSource(service.from)}: service "${service.value}" is not defined. Looked in ${looked}.${didYouMean(service.value, known)}`,
    {source: nameSource(service.from)},
  );
}

function servicePaths(sources: ConfigSources): string[] {
  const {env, platform} = sources;
  const paths: string[] = [];
  const flavour = platform === 'win32' ? win32 : posix;
  const named = env['PGSERVICEFILE'];
  const userFile = named === undefined || named === '' ? serviceFilePlace(sources) : named;
  if (userFile !== undefined) paths.push(userFile);
  const systemDirectory = env['PGSYSCONFDIR'];
  if (systemDirectory !== undefined && systemDirectory !== '')
    paths.push(flavour.join(systemDirectory, 'pg_service.conf'));
  return paths;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

function parseSections(text: string, path: string): Map<string, Line[]> {
  const sections = new Map<string, Line[]>();
  let current: Line[] | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      if (!line.endsWith(']')) throw lineError(path, index + 1, 'a section name ends with "]"');
      const name = line.slice(1, -1);
      // parseServiceFile(): the first section of a name counts.
      current = [];
      if (!sections.has(name)) sections.set(name, current);
    } else current?.push({number: index + 1, text: line});
  }
  return sections;
}

function readSection(lines: readonly Line[], path: string, name: string): Settings {
  const settings = new Map<string, Setting>();
  for (const {number, text} of lines) {
    if (/^ldaps?:/i.test(text)) throw lineError(path, number, 'LDAP lookups are not supported');
    const equals = text.indexOf('=');
    if (equals === -1) throw lineError(path, number, 'there is no "="; write keyword=value');
    const keyword = text.slice(0, equals).trim();
    if (keyword === 'service')
      throw lineError(path, number, 'a service cannot refer to another service');
    if (!parameterByKeyword.has(keyword))
      throw lineError(
        path,
        number,
        `the keyword is not known.${didYouMean(keyword, parameterByKeyword.keys())}`,
      );
    if (settings.has(keyword)) continue;
    const from: Provenance = {kind: 'serviceFile', name: path, section: name, line: number};
    settings.set(keyword, {value: text.slice(equals + 1).trim(), from});
  }
  return settings;
}

// No text of the line: the line may be the one with the password.
function lineError(path: string, number: number, problem: string): ConfigurationError {
  return new ConfigurationError(`service file ${path}, line ${number}: ${problem}`, {
    source: `service file ${path}`,
  });
}
