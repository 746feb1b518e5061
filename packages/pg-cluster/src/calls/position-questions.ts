/**
 * Asks primaries for their position in the log, once for all who want to know it in the same turn of the event loop.
 *
 * Invariant: a question is sent when all that was acknowledged in its turn has been noted, and covers that, whichever
 * connections it came on.
 */
import type {ResultRow} from '@databases/pg';
import type {Coverage} from '../consistency/coverage';
import {TOKEN_QUESTION, readPosition} from '../consistency/positions';
import type {Position} from '../consistency/positions';
import type {ClusterNode} from '../topology/node';

class Question {
  readonly node: ClusterNode;
  readonly answer: Promise<Position>;
  /** How many writes it covers. Undefined: it was not sent yet. */
  acknowledged: number | undefined;

  constructor(node: ClusterNode) {
    this.node = node;
    this.answer = new Promise((resolve) => setImmediate(resolve)).then(() => this.#send());
  }

  async #send(): Promise<Position> {
    const {coverage, pool} = this.node;
    const {acknowledged} = coverage;
    this.acknowledged = acknowledged;
    return positionCovering(coverage, acknowledged, await pool.query(TOKEN_QUESTION));
  }
}

/** Where a node that was asked when it had acknowledged so many writes says that it is; notes that they are covered. */
export function positionCovering(
  coverage: Coverage,
  acknowledged: number,
  rows: readonly ResultRow[],
): Position {
  const position = readPosition(rows);
  coverage.cover(acknowledged, position.timeline, position.lsn);
  return position;
}

export class PositionQuestions {
  #last: Question | undefined;

  /** Where the node is now. */
  async ask(node: ClusterNode): Promise<Position> {
    const last = this.#last;
    if (last?.node === node && last.acknowledged === undefined) return last.answer;
    return this.#begin(node);
  }

  /** Where it is, or was when it had acknowledged so many writes: what is under way will do. */
  async covering(node: ClusterNode, count: number): Promise<Position> {
    const last = this.#last;
    if (last?.node === node && (last.acknowledged ?? count) >= count) return last.answer;
    return this.#begin(node);
  }

  #begin(node: ClusterNode): Promise<Position> {
    const question = new Question(node);
    this.#last = question;
    // Whoever needs to know after a failure asks again.
    question.answer.catch(() => {
      if (this.#last === question) this.#last = undefined;
    });
    return question.answer;
  }
}
