/** Round trip: how long a question and its answer take, which every query pays. */
import type {Step} from './report';

/** Above it a program that asks one thing after the other is slow whatever it asks. */
const FAR_MILLISECONDS = 50;

export function roundTripStep(milliseconds: readonly number[]): Step {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const least = sorted[0] ?? 0;
  const median = sorted[Math.floor(sorted.length / 2)] ?? least;
  const isFar = least > FAR_MILLISECONDS;
  return {
    name: 'roundTrip',
    status: isFar ? 'warn' : 'ok',
    milliseconds: median,
    summary: `median of ${sorted.length}, least ${least.toFixed(1)} ms`,
    ...(isFar
      ? {
          advice: [
            'the server is far away: run the program near it, and send several statements at once (db.query([a, b]))',
          ],
        }
      : {}),
  };
}
