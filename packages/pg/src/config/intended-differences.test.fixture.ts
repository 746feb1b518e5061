/**
 * Where we read a connection string otherwise than libpq, and why. A list of data: tests hold it against libpq itself,
 * and fail for a difference that is not here and for an entry that no string shows.
 */
import {foreignParameters} from './foreign-parameters';
import type {Answer} from './libpq-oracle.test.fixture';
import {parameterByKeyword} from './parameters';

export interface IntendedDifference {
  readonly reason: string;
  /** What we do: refuse what libpq reads, read what it refuses, or read it otherwise. */
  readonly we: 'refuse' | 'read' | 'read otherwise';
  /** Is the string of that kind? */
  readonly when: (text: string, libpq: Answer) => boolean;
}

export const intendedDifferences: readonly IntendedDifference[] = [
  {
    reason: 'libpq finds a bad port out when it connects; it is most often a misread password',
    we: 'refuse',
    when: (text, libpq) =>
      isUri(text) &&
      // A parameter "port" hides it from libpq's answer, and from nobody who has misread a password.
      ((libpq?.['port'] ?? '').split(',').some(isBadPort) || /[?&]port=/.test(text)),
  },
  {
    reason: 'a parameter that is given twice is a mistake; libpq silently takes the last',
    we: 'refuse',
    when: (text) => {
      const names = parameterNames(text);
      return new Set(names).size < names.length;
    },
  },
  {
    reason: 'libpq drops raw spaces at the ends; in a password that would change it silently',
    we: 'refuse',
    when: (text) => isUri(text) && text.includes(' '),
  },
  {
    reason: 'a line break in an address comes from reading it out of a file, and is not part of it',
    we: 'refuse',
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    when: (text) => isUri(text) && /[\u0001-\u001f\u007f]/.test(text),
  },
  {
    reason:
      'libpq takes "[" to "]" for a host whatever is between; no IPv6 address has "/" or "?" in it',
    we: 'refuse',
    when: (text) => isUri(text) && /\[[^\]]*[/?]/.test(text),
  },
  {
    reason: 'escapes that are not UTF-8 are no text, and the server would refuse them later',
    we: 'refuse',
    when: (text) => isUri(text) && /%[89a-f][\da-f]/i.test(text) && !decodes(text),
  },
  {
    reason: 'a raw @ in the password: libpq would look up a host that is the rest of the password',
    we: 'read otherwise',
    when: hasSeveralAts,
  },
  {
    reason: 'a raw @ in the password: what libpq then takes for the host or port is none',
    we: 'read',
    when: hasSeveralAts,
  },
  {
    reason:
      'a raw @ in the password: what follows the last one is no host, and a host has no @ in it',
    we: 'refuse',
    when: hasSeveralAts,
  },
  {
    reason: 'an @ after the "/": libpq sends what stands before the "/" to a server of that name',
    we: 'refuse',
    when: (text) => isUri(text) && /\/[^?]*@/.test(text.slice(text.indexOf('://') + 3)),
  },
  {
    reason: 'what other clients put into connection strings is understood',
    we: 'read',
    when: (text) => parameterNames(text).some((name) => foreignParameters.has(name)),
  },
  {
    reason:
      'libpq takes any value of requiressl for a no; a parameter for encryption must be clear',
    we: 'refuse',
    when: (text) => /requiressl\s*=/.test(text),
  },
  {
    reason: 'ssl beside a sslmode that says something else: libpq silently takes the last',
    we: 'refuse',
    when: (text) => /\bssl=/.test(text) && /sslmode=/.test(text),
  },
  {
    reason: 'ssl=true beside a stricter sslmode: in libpq it takes the verification away again',
    we: 'read otherwise',
    when: (text, libpq) =>
      /\bssl=(?:true|1)/.test(text) &&
      /sslmode=(?:verify-|no-verify)/.test(text) &&
      libpq?.['sslmode'] === 'require',
  },
  {
    reason: 'libpq takes the keyword after "dbname= " for the name of the database',
    we: 'refuse',
    when: (text) =>
      [...text.matchAll(/=\s+([^\s=]+)(?==)/g)].some(([, name = '']) =>
        parameterByKeyword.has(name),
      ),
  },
];

/** The reason for this difference, if there is one. */
export function explain(text: string, libpq: Answer, ours: Answer): string | undefined {
  const we = ours === null ? 'refuse' : libpq === null ? 'read' : 'read otherwise';
  return intendedDifferences.find((one) => one.we === we && one.when(text, libpq))?.reason;
}

function isUri(text: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(text);
}

function isBadPort(port: string): boolean {
  return port !== '' && (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535);
}

function hasSeveralAts(text: string): boolean {
  return isUri(text) && text.split('@').length > 2;
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, ''));
    return true;
  } catch {
    return false;
  }
}

function parameterNames(text: string): string[] {
  if (isUri(text))
    return text
      .split(/[?&]/)
      .slice(1)
      .map((pair) => pair.split('=')[0] ?? '')
      .map((name) =>
        decodes(name) && !/%(?![\da-f]{2})/i.test(name) ? decodeURIComponent(name) : name,
      )
      .map((name) => name.trim());
  return [...text.matchAll(/([^\s='\\]+)\s*=/g)].map(([, name = '']) => name);
}
