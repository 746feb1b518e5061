/**
 * An open loop: requests leave when they are due, answered or not.
 *
 * Node's timers have steps of a millisecond, so the requests of one step leave together; a step that comes late
 * sends all that are due by then, and they count as late.
 */
import type {Stopwatch} from '../../stopwatch';

const stepMilliseconds = 1;

/** Resolves when all requests were answered; rejects at the first that fails, and sends no more then. */
export function openLoop(
  {now, endsAt}: Pick<Stopwatch, 'now' | 'endsAt'>,
  perSecond: number,
  request: (index: number, dueAt: number) => Promise<void>,
): Promise<void> {
  const startedAt = now();
  const perMillisecond = perSecond / 1000;
  const total = Math.max(1, Math.floor((endsAt - startedAt) * perMillisecond));
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    let timer: NodeJS.Timeout | undefined;
    const answer = () => {
      answered += 1;
      if (answered === total) resolve();
    };
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const step = () => {
      const due = Math.min(total, Math.floor((now() - startedAt) * perMillisecond) + 1);
      for (; sent < due; sent++) {
        request(sent, startedAt + sent / perMillisecond).then(answer, fail);
      }
      timer = sent < total ? setTimeout(step, stepMilliseconds) : undefined;
    };
    step();
  });
}
