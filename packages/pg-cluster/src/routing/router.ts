/**
 * Remembers verdicts by text. Both answers are kept only for as long as the catalogue they were made with.
 *
 * Bounded: the verdict that was asked for the longest time ago goes first.
 */
import type {Catalogue} from './catalogue';
import {classify} from './classify';
import type {LexicalSettings} from './lexical-settings';
import type {Target, Verdict} from './verdict';

export interface RouterOptions extends LexicalSettings {
  /** Decides before all rules; undefined leaves the decision to them. */
  readonly route?: (text: string) => Target | undefined;
  /** How many verdicts are remembered. Default 1000. */
  readonly maxRemembered?: number;
}

export class Router {
  readonly #options: RouterOptions;
  readonly #most: number;
  readonly #verdicts = new Map<string, Verdict>();
  #catalogue: Catalogue | undefined;

  constructor(options: RouterOptions = {}) {
    this.#options = options;
    this.#most = options.maxRemembered ?? 1000;
  }

  /** From now on decided by this catalogue; undefined sends everything to the primary. */
  use(catalogue: Catalogue | undefined): void {
    this.#catalogue = catalogue;
    this.#verdicts.clear();
  }

  verdict(text: string): Verdict {
    const known = this.#verdicts.get(text);
    if (known !== undefined) return known;
    const own = this.#options.route?.(text);
    const verdict: Verdict =
      own === undefined
        ? classify(text, this.#catalogue, this.#options)
        : {target: own, rule: 'byProgram'};
    if (this.#verdicts.size >= this.#most) {
      const [oldest] = this.#verdicts.keys();
      if (oldest !== undefined) this.#verdicts.delete(oldest);
    }
    this.#verdicts.set(text, verdict);
    return verdict;
  }
}
