/**
 * The nodes behind names that lead to several servers, or to another one after a failover: every address is a node.
 *
 * A name may give one of its addresses at a time, in turn (the reader endpoints of managed services do), so one that is
 * not given any more is dropped only when its node does not answer either, and never while it is the primary.
 *
 * Invariants: one round of looking up at a time; it never rejects; nothing is added after `stop()`.
 */
export interface Endpoint {
  readonly host: string;
  readonly port: number | undefined;
}

export interface EndpointNodes {
  add(endpoint: Endpoint, address: string): Promise<void>;
  /** False: it is of use still. */
  drop(endpoint: Endpoint, address: string): boolean;
  /** Whether the names are to be looked up in a hurry: nobody takes writes. */
  readonly hurried: boolean;
  /** No name led anywhere. */
  troubled(reason: string | undefined): void;
}

/** How long it is between two looks while there is no primary. */
const HURRIED_MILLISECONDS = 1000;

export class Endpoints {
  readonly #endpoints: readonly Endpoint[];
  readonly #resolve: (host: string) => Promise<readonly string[]>;
  readonly #intervalMilliseconds: number;
  readonly #nodes: EndpointNodes;
  readonly #known = new Map<string, {readonly endpoint: Endpoint; readonly address: string}>();
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #phase: 'running' | 'stopped' = 'running';

  constructor(
    endpoints: readonly Endpoint[],
    resolve: (host: string) => Promise<readonly string[]>,
    intervalMilliseconds: number,
    nodes: EndpointNodes,
  ) {
    this.#endpoints = endpoints;
    this.#resolve = resolve;
    this.#intervalMilliseconds = intervalMilliseconds;
    this.#nodes = nodes;
  }

  /** Looks the names up, unless that is under way. Resolves when the nodes that are new have been asked who they are. */
  look(): Promise<void> {
    if (this.#phase === 'stopped') return Promise.resolve();
    clearTimeout(this.#timer);
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#phase === 'stopped') return;
      const pause = this.#nodes.hurried
        ? Math.min(HURRIED_MILLISECONDS, this.#intervalMilliseconds)
        : this.#intervalMilliseconds;
      this.#timer = setTimeout(() => void this.look(), pause).unref();
    });
    return this.#looking;
  }

  stop(): void {
    this.#phase = 'stopped';
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const given = new Set<string>();
    const reasons: string[] = [];
    const added: Promise<void>[] = [];
    await Promise.all(
      this.#endpoints.map(async (endpoint) => {
        try {
          for (const address of await this.#resolve(endpoint.host)) {
            const key = JSON.stringify([address, endpoint.port]);
            given.add(key);
            if (this.#known.has(key) || this.#isStopped()) continue;
            this.#known.set(key, {endpoint, address});
            added.push(this.#nodes.add(endpoint, address));
          }
        } catch (error) {
          reasons.push(error instanceof Error ? error.message : String(error));
        }
      }),
    );
    this.#nodes.troubled(this.#known.size === 0 ? reasons.join('; ') || 'no address' : undefined);
    await Promise.all(added);
    // Without an answer to each name nothing can be told to be gone.
    if (reasons.length > 0 || this.#isStopped()) return;
    for (const [key, {endpoint, address}] of this.#known) {
      if (!given.has(key) && this.#nodes.drop(endpoint, address)) this.#known.delete(key);
    }
  }

  #isStopped(): boolean {
    return this.#phase === 'stopped';
  }
}
