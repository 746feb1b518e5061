/**
 * Waits for what an idle connection or the server brings about. Neither keeps the process alive, so without this a test
 * may end, and fail, before it has happened.
 */
export function aliveUntil<T>(happened: Promise<T>): Promise<T> {
  const alive = setInterval(() => undefined, 60_000);
  return happened.finally(() => clearInterval(alive));
}
