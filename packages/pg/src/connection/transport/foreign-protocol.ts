/** Tells servers of other protocols by the first bytes that they answer with: somebody has the wrong port. */

/** What is spoken there, as messages name it; undefined for what is not known, Postgres included. */
export function foreignProtocol(bytes: Buffer, start = 0, end = bytes.length): string | undefined {
  const text = bytes.toString('latin1', start, Math.min(end, start + 5));
  if (text.startsWith('HTTP')) return 'HTTP';
  if (text.startsWith('SSH-')) return 'SSH';
  // Redis: "-ERR unknown command"; a Postgres message has no such tag.
  if (text.startsWith('-ERR')) return 'the Redis protocol';
  // An alert or a handshake record: TLS without asking for it first.
  if (text.startsWith('\u0015\u0003') || text.startsWith('\u0016\u0003'))
    return 'TLS from the first byte';
  // Length in three bytes, sequence number 0, protocol version 10.
  if (text.slice(3) === '\0\n') return 'the MySQL protocol';
  return undefined;
}
