/**
 * A session of the cluster for each request, that goes on in the next request and in other services: what was written
 * comes back as a header, and whoever sends the header sees it.
 */
import type {IncomingMessage, ServerResponse} from 'node:http';
import {UsageError} from '@databases/pg';
import db from './database';

export const TOKEN_HEADER = 'consistency-token';

export type Handler = (request: IncomingMessage) => Promise<unknown>;

/** For `createServer`. Answers with what the handler gives, as JSON. */
export function withSession(handle: Handler) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(handle, request, response).catch((error: unknown) => {
      // A header that is no token is the client's mistake.
      const refused = error instanceof UsageError && error.code === 'PG_INVALID_ARGUMENT';
      if (!refused) console.error(error);
      response.writeHead(refused ? 400 : 500).end();
    });
  };
}

async function answer(
  handle: Handler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const after = request.headers[TOKEN_HEADER];
  const seen = typeof after === 'string' ? after : undefined;
  await db.session(seen === undefined ? {} : {after: seen}, async () => {
    const result = await handle(request);
    // A request that only reads has nothing to tell: the client keeps the token that it has.
    if (request.method !== 'GET') response.setHeader(TOKEN_HEADER, await db.token());
    response.end(JSON.stringify(result ?? null));
  });
}
