/** The connection string of a server with parts of it replaced. */
export interface UrlParts {
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  readonly host?: string;
  readonly port?: number;
  readonly parameters?: Readonly<Record<string, string>>;
}

export function urlWith(url: string, parts: UrlParts): string {
  const changed = new URL(url);
  if (parts.user !== undefined) changed.username = parts.user;
  if (parts.password !== undefined) changed.password = parts.password;
  if (parts.database !== undefined) changed.pathname = `/${parts.database}`;
  if (parts.host !== undefined) changed.hostname = parts.host;
  if (parts.port !== undefined) changed.port = String(parts.port);
  for (const [name, value] of Object.entries(parts.parameters ?? {})) {
    changed.searchParams.set(name, value);
  }
  // In a form a space is a plus; in a connection string of Postgres a plus is a plus.
  return changed.href.replaceAll('+', '%20');
}
