/**
 * Reads `postgres://user:password@host:port,host:port/dbname?keyword=value`.
 *
 * The grammar is that of libpq's conninfo_uri_parse_options() (docs "Connection URIs"), where it differs from WHATWG
 * URLs: `+` and `#` are ordinary characters, several hosts, empty parts. It knows no keyword and checks no value but
 * the port, because a password with a raw special character is most often found out there.
 * Invariant: no message contains text of the string (any piece of a misread string may be a piece of the password),
 * except a parameter's name where it cannot be one. We differ from libpq on purpose where it would connect to
 * a host that is really a piece of the password: see `splitCredentials` and `refuseStrayAt`.
 */
import {secretKeywords} from './parameters';
import {invalid} from './settings';
import type {Provenance} from './settings';

export interface UriParameter {
  readonly name: string;
  readonly value: string;
  /** From 1: how messages name a parameter whose name might be a piece of a password. */
  readonly position: number;
  readonly nameIsSafeToShow: boolean;
}

export interface ParsedUri {
  /** By libpq keyword: user, password, host, port, dbname; hosts and ports joined by commas, as libpq does. */
  readonly parts: ReadonlyMap<string, string>;
  readonly parameters: readonly UriParameter[];
  readonly warnings: readonly string[];
}

const scheme = /^postgres(?:ql)?:\/\//;

export function isUri(text: string): boolean {
  return scheme.test(text);
}

export function parseUri(text: string, from: Provenance): ParsedUri {
  const rest = text.replace(scheme, '');
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(rest))
    throw invalid(
      from,
      'there is a line break or another control character in it (often at the end of a value read from a file). Remove it, or write it as %0A, %09, ...',
    );
  const parts = new Map<string, string>();
  const {userInfo, remainder, warnings} = splitCredentials(rest, from);
  if (userInfo !== undefined) readUserInfo(userInfo, parts, from);

  const authorityLength = endOf(remainder, /[/?]/);
  const authority = remainder.slice(0, authorityLength);
  const tail = remainder.slice(authorityLength);
  const queryStart = endOf(tail, /\?/);
  const path = tail.slice(1, queryStart);
  refuseStrayAt(rest, path, from);
  readHosts(authority, parts, from, hintForPort(userInfo, tail));
  if (tail.startsWith('/') && path !== '') parts.set('dbname', decode(path, 'database name', from));
  return {
    parts,
    parameters: readParameters(tail.slice(queryStart + 1), userInfo !== undefined, from),
    warnings,
  };
}

// libpq takes everything before the first `@` (if it comes before any `/`) as credentials, so for a password with
// a raw `@` it would look up a host that is the password's tail. A host has no raw `@` in it: the last one rules.
function splitCredentials(
  rest: string,
  from: Provenance,
): {userInfo: string | undefined; remainder: string; warnings: string[]} {
  const firstAt = rest.indexOf('@');
  const slash = rest.indexOf('/');
  if (firstAt === -1 || (slash !== -1 && slash < firstAt))
    return {userInfo: undefined, remainder: rest, warnings: []};
  const end = firstAt + endOf(rest.slice(firstAt), /[/?]/);
  const lastAt = rest.lastIndexOf('@', end - 1);
  const warnings =
    lastAt === firstAt
      ? []
      : [
          `${from.name}: there is more than one "@" before the host; the last one was taken as the end of the password. Write the others as %40: other programs read this string differently.`,
        ];
  return {userInfo: rest.slice(0, lastAt), remainder: rest.slice(lastAt + 1), warnings};
}

// `u:pa/ss@h/db` and `u:p@ss/word@h/db`: libpq reads what stands after the `/` as the database name.
function refuseStrayAt(rest: string, path: string, from: Provenance): void {
  const at = path.indexOf('@');
  if (at === -1) return;
  const before = rest.slice(0, rest.lastIndexOf(path));
  if (before.includes(':') || path.slice(0, at).includes(':'))
    throw invalid(
      from,
      'there is an "@" after the "/" that ends the host. If the password contains "/", write it as %2F; if the database name contains "@", write it as %40.',
    );
}

function readUserInfo(userInfo: string, parts: Map<string, string>, from: Provenance): void {
  const colon = endOf(userInfo, /:/);
  const user = decode(userInfo.slice(0, colon), 'user', from);
  const password = decode(userInfo.slice(colon + 1), 'password', from);
  if (user !== '') parts.set('user', user);
  if (password !== '') parts.set('password', password);
}

function readHosts(
  authority: string,
  parts: Map<string, string>,
  from: Provenance,
  portHint: string,
): void {
  const hosts: string[] = [];
  const ports: string[] = [];
  let rest = authority;
  for (;;) {
    const hostLength = rest.startsWith('[') ? bracketLength(rest, from) : endOf(rest, /[:,]/);
    const host = rest.slice(0, hostLength);
    hosts.push(decode(host.startsWith('[') ? host.slice(1, -1) : host, 'host', from));
    rest = rest.slice(hostLength);
    const portLength = endOf(rest, /,/);
    const port = rest.startsWith(':') ? decode(rest.slice(1, portLength), 'port', from) : '';
    if (!isPort(port)) throw invalid(from, `the port is not a number from 1 to 65535.${portHint}`);
    ports.push(port);
    rest = rest.slice(portLength);
    if (rest === '') break;
    rest = rest.slice(1);
  }
  if (hosts.join(',') !== '') parts.set('host', hosts.join(','));
  if (ports.join(',') !== '') parts.set('port', ports.join(','));
}

function bracketLength(rest: string, from: Provenance): number {
  const close = rest.indexOf(']');
  if (close === -1)
    throw invalid(
      from,
      'a "[" begins an IPv6 address and no "]" ends it. In a password write "[" as %5B.',
    );
  if (close === 1) throw invalid(from, 'the IPv6 address between "[" and "]" is empty.');
  const next = rest[close + 1];
  if (next !== undefined && next !== ':' && next !== ',')
    throw invalid(
      from,
      'after the "]" of an IPv6 address only ":" and a port, "," and the next host, "/" or "?" may follow.',
    );
  return close + 1;
}

function isPort(port: string): boolean {
  return port === '' || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
}

function hintForPort(userInfo: string | undefined, tail: string): string {
  if (userInfo !== undefined) return '';
  if (tail.includes('@'))
    return ' If what stands there is the password: it contains a "/" which must be written as %2F.';
  return ' If what stands there is the password, the string was cut short: `node --env-file` and dotenv end a value without quotes at "#". Put the value in quotes, or write "#" as %23.';
}

function readParameters(query: string, hasCredentials: boolean, from: Provenance): UriParameter[] {
  if (query === '') return [];
  // libpq takes one "&" at the end, and no empty parameter before it.
  const pieces = (query.endsWith('&') ? query.slice(0, -1) : query).split('&');
  let secretBefore = false;
  return pieces.map((piece, index) => {
    const position = index + 1;
    const equals = piece.indexOf('=');
    if (equals === -1)
      throw invalid(
        from,
        `parameter ${position} after the "?" has no "=". If the "?" is part of the password, write it as %3F.`,
      );
    if (piece.includes('=', equals + 1))
      throw invalid(
        from,
        `the value of parameter ${position} after the "?" contains a "=", which must be written as %3D.`,
      );
    const name = decode(piece.slice(0, equals), `name of parameter ${position}`, from);
    const nameIsSafeToShow =
      hasCredentials && !secretBefore && !pieces.slice(index).some((one) => one.includes('@'));
    secretBefore ||= secretKeywords.has(name);
    return {
      name,
      value: decode(piece.slice(equals + 1), `value of parameter ${position}`, from),
      position,
      nameIsSafeToShow,
    };
  });
}

// conninfo_uri_decode(): only %XX is special. Stricter than libpq in one thing: it drops raw spaces at the ends.
function decode(text: string, part: string, from: Provenance): string {
  if (text.includes(' ')) throw invalid(from, `there is a space in the ${part}; write it as %20.`);
  if (/%(?![0-9a-fA-F]{2})/.test(text))
    throw invalid(
      from,
      `in the ${part} a "%" is not followed by two hexadecimal digits; write "%" itself as %25.`,
    );
  if (text.includes('%00'))
    throw invalid(from, `there is a %00 in the ${part}; Postgres has no zero characters in text.`);
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(from, `the %XX escapes in the ${part} are not UTF-8.`);
  }
}

// The index of the first match, or the length of the text.
function endOf(text: string, what: RegExp): number {
  const index = text.search(what);
  return index === -1 ? text.length : index;
}
