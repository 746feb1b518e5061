/**
 * Any connection string -> settings by keyword.
 *
 * Decides which grammar applies, which keywords exist (with those of other clients translated), and that none
 * comes twice. Whether a value is a legal one is decided where it is used.
 */
import {foreignParameters} from './foreign-parameters';
import {parseKeyValue} from './key-value';
import {isWellFormed} from './options';
import {parameterByKeyword} from './parameters';
import {invalid} from './settings';
import type {Provenance, Setting, Settings} from './settings';
import {didYouMean} from './suggestion';
import {isUri, parseUri} from './uri';
import type {UriParameter} from './uri';

export interface ReadConnectionString {
  readonly settings: Settings;
  readonly warnings: readonly string[];
}

/** @throws {ConfigurationError} PG_CONFIGURATION_INVALID; the message never contains a piece of a password. */
export function readConnectionString(text: string, from: Provenance): ReadConnectionString {
  if (!isWellFormed(text))
    throw invalid(from, 'there is half a surrogate pair in it, which no text can contain.');
  if (isUri(text)) {
    const {parts, parameters, warnings} = parseUri(text, from);
    return {settings: collect(parts, parameters, from), warnings};
  }
  refuseForeignShapes(text, from);
  return {settings: collect(new Map(), parseKeyValue(text, from), from), warnings: []};
}

function refuseForeignShapes(text: string, from: Provenance): void {
  if (isUri(text.trim()))
    throw invalid(from, 'there is white space before "postgres://"; remove it.');
  if (/^["'`]\s*postgres/i.test(text))
    throw invalid(from, 'the quotes around the address are part of the value; remove them.');
  if (isUri(text.toLowerCase())) throw invalid(from, 'write "postgres://" in lower case.');
  if (/^jdbc:/i.test(text))
    throw invalid(
      from,
      'remove "jdbc:"; user and password go before the host: postgres://user:password@host/db.',
    );
  if (/^prisma(?:\+postgres)?:/i.test(text))
    throw invalid(
      from,
      'this address is for Prisma only; use the postgres:// address of the database itself.',
    );
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    throw invalid(from, 'the address must begin with postgres:// or postgresql://.');
  if (/^postgres(?:ql)?:/i.test(text))
    throw invalid(from, 'two slashes are missing: the address must begin with postgres://.');
}

function collect(
  parts: ReadonlyMap<string, string>,
  given: readonly UriParameter[],
  from: Provenance,
): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const [keyword, value] of parts) settings.set(keyword, {value, from});
  const seen = new Set<string>();
  const adopted = new Map<string, {name: string; value: string}>();
  for (const parameter of given) {
    const {name, value, position} = parameter;
    if (seen.has(name))
      throw invalid(
        from,
        name === 'host' || name === 'port' || name === 'hostaddr'
          ? `"${name}" is given twice; write several with commas: ${name}=a,b.`
          : `parameter ${position} is given twice; leave one of them.`,
      );
    seen.add(name);
    if (parameterByKeyword.has(name)) settings.set(name, {value, from});
    else {
      const translated = translate(parameter, from);
      if (translated === undefined) continue;
      const other = adopted.get(translated.keyword);
      if (other !== undefined && other.value !== translated.value)
        throw invalid(from, `"${other.name}" and "${name}" contradict each other; leave one.`);
      adopted.set(translated.keyword, {name, value: translated.value});
    }
  }
  for (const [keyword, {name, value}] of adopted) {
    const own = seen.has(keyword) ? settings.get(keyword)?.value : undefined;
    if (own === undefined) settings.set(keyword, {value, from});
    else if (!agrees(value, own))
      throw invalid(from, `"${name}" and "${keyword}" contradict each other; leave one.`);
  }
  return settings;
}

// ssl=true beside sslmode=verify-full says no less than sslmode=verify-full.
function agrees(alias: string, own: string): boolean {
  return (
    alias === own ||
    (alias === 'require' && ['verify-ca', 'verify-full', 'no-verify'].includes(own))
  );
}

function translate(
  {name, value, position, nameIsSafeToShow}: UriParameter,
  from: Provenance,
): {keyword: string; value: string} | undefined {
  const foreign = foreignParameters.get(name);
  if (foreign === undefined) {
    const shown =
      nameIsSafeToShow && /^\w{1,40}$/.test(name)
        ? `parameter "${name}" is not known.`
        : `parameter ${position} is not known.`;
    throw invalid(
      from,
      `${shown}${didYouMean(name, [...parameterByKeyword.keys(), 'schema', 'prepare'])}`,
    );
  }
  if (foreign.kind === 'advice')
    throw invalid(from, `parameter "${name}" is not one of Postgres; ${foreign.instead}.`);
  if (foreign.kind === 'ignored') {
    if (foreign.unless?.value === value)
      throw invalid(from, `"${name}": ${foreign.unless.because}.`);
    return undefined;
  }
  if (foreign.values === undefined) return {keyword: foreign.as, value};
  const translated = Object.hasOwn(foreign.values, value) ? foreign.values[value] : undefined;
  if (translated === undefined)
    throw invalid(
      from,
      `the value of "${name}" must be one of ${Object.keys(foreign.values).join(', ')}.`,
    );
  return {keyword: foreign.as, value: translated};
}
