/**
 * Answers requests for the page and its data. Reads the pool when it is asked and at no other time: it has no timer, no
 * socket and no list of who watches. Whether a request may look at all is said by access.ts or by the program.
 *
 * Invariant: every answer forbids scripts other than the page's own, frames, caching and reading by other sites.
 */
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {InspectorHandler, InspectorOptions, PoolStats} from '../client';
import {UsageError, asError} from '../errors';
import {refusalOf} from './access';
import {CONTENT_SECURITY_POLICY, PAGE} from './page';

interface Answer {
  readonly status: number;
  readonly type: 'text/html' | 'application/json' | 'text/plain';
  readonly body: string;
}

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const OPTIONS: Readonly<Record<string, string>> = {authorize: 'function', allowRemote: 'boolean'};

/** @throws {UsageError} */
export function createInspector(
  stats: () => PoolStats,
  options: InspectorOptions,
  report: (error: Error) => void,
): InspectorHandler {
  assertOptions(options);
  return (request, response) => {
    refuse(request, options, report)
      .then((refusal) => send(request, response, refusal ?? answer(request, stats)))
      .catch((error: unknown) => {
        report(asError(error));
        response.destroy();
      });
  };
}

/** Never rejects: what goes wrong in a question is a no. */
async function refuse(
  request: IncomingMessage,
  {authorize, allowRemote}: InspectorOptions,
  report: (error: Error) => void,
): Promise<Answer | undefined> {
  if (authorize === undefined) {
    if (allowRemote === true) return undefined;
    const {headers, socket} = request;
    const reason = refusalOf({headers, remoteAddress: socket.remoteAddress});
    return reason === undefined ? undefined : plain(403, `This request was refused: ${reason}.`);
  }
  try {
    // A program without types may give anything that is truthy, a promise of an object for one.
    const allowed: unknown = await authorize(request);
    if (allowed === true) return undefined;
  } catch (error) {
    report(asError(error));
  }
  return plain(403, 'This request was refused by authorize().');
}

function answer({method, url = '/'}: IncomingMessage, stats: () => PoolStats): Answer {
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'There is only GET.');
  const path = url.replace(/[?#].*/s, '');
  if (path === '/' || path === '') return {status: 200, type: 'text/html', body: PAGE};
  if (path === '/stats.json') {
    return {status: 200, type: 'application/json', body: JSON.stringify(stats())};
  }
  return plain(404, 'There is / and /stats.json.');
}

function plain(status: number, text: string): Answer {
  return {status, type: 'text/plain', body: `${text}\n`};
}

function send(
  {method}: IncomingMessage,
  response: ServerResponse,
  {status, type, body}: Answer,
): void {
  response.writeHead(status, {
    ...HEADERS,
    ...(status === 405 ? {allow: 'GET, HEAD'} : {}),
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

function assertOptions(options: InspectorOptions): void {
  for (const [name, value] of Object.entries(options)) {
    const type = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (type !== undefined && (value === undefined || typeof value === type)) continue;
    const what =
      type === undefined
        ? `inspector() has no option ${name}; there are ${Object.keys(OPTIONS).join(' and ')}`
        : `the option ${name} of inspector() is a ${type}, not a ${typeof value}`;
    throw new UsageError(`${what}.`, {code: 'PG_INVALID_ARGUMENT'});
  }
}
