/**
 * How long one kind of work usually keeps a resource busy.
 *
 * A moving average whose samples are capped: one outlier (a lock, a checkpoint, a cold cache) must not turn
 * a fast statement into a slow one, and a statement that really became slow must be known as slow after a
 * few runs. It judges statements, not parameters: one that is slow for some of its parameters only is
 * averaged.
 */

const SAMPLE_WEIGHT = 0.2;
/** A sample counts as at most this many times the mean so far, ... */
const OUTLIER_FACTOR = 4;
/** ... but a sample below this is always taken as it is, or a tiny mean would need many runs to grow. */
const OUTLIER_FLOOR_MILLISECONDS = 10;
/** Zero means unknown, so a run that took no measurable time counts as this. */
const SHORTEST_MILLISECONDS = 0.001;

/** The running cost estimate of one kind of work (one statement), shared by all its tasks. */
export class CostEstimate {
  /** 0 while nothing is known. */
  meanMilliseconds = 0;
  /** Answers so far. */
  answers = 0;
  /** From being sent to being answered, all of them together; and the longest. Not weighed, unlike the mean. */
  answerMilliseconds = 0;
  longestAnswerMilliseconds = 0;

  /** Counts an answer that took this long to come. */
  count(milliseconds: number): void {
    this.answers++;
    this.answerMilliseconds += milliseconds;
    if (milliseconds > this.longestAnswerMilliseconds)
      this.longestAnswerMilliseconds = milliseconds;
  }

  /** Takes in one more run. */
  record(milliseconds: number): void {
    const mean = this.meanMilliseconds;
    const sample = Math.max(milliseconds, SHORTEST_MILLISECONDS);
    if (mean === 0) {
      this.meanMilliseconds = sample;
      return;
    }
    const ceiling = Math.max(mean * OUTLIER_FACTOR, OUTLIER_FLOOR_MILLISECONDS);
    this.meanMilliseconds = mean + SAMPLE_WEIGHT * (Math.min(sample, ceiling) - mean);
  }
}
