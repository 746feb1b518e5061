/** What a fault is, and what a client has to offer to be put through it. Types only. */

export type Values = readonly unknown[];
export type Row = Readonly<Record<string, unknown>>;
/** Placeholders stand in the text in the order of the values: `$1`, `$2`, ... */
export type Query = (text: string, values?: Values) => Promise<readonly Row[]>;

export interface OpenOptions {
  readonly url: string;
  readonly max: number;
  readonly connectTimeoutSeconds?: number;
}

export interface Opened {
  readonly query: Query;
  /** As `query`, with a statement that stays prepared where the client has such. */
  readonly prepared: Query;
  /** By the client's own function for it, or by BEGIN and COMMIT where it has none. */
  tx<T>(body: (query: Query) => Promise<T>): Promise<T>;
  /** Holds one connection. */
  hold<T>(body: (query: Query) => Promise<T>): Promise<T>;
  /** Calls back for each notification; `gap` where the client tells of one. */
  listen(channel: string, heard: (payload: string) => void, gap: () => void): Promise<unknown>;
  end(): Promise<unknown>;
  /** What a program would log. */
  readonly inspectable: unknown;
}

export interface FaultClient {
  open(options: OpenOptions): Opened;
}

export interface Outcome {
  /** Whether the promise was kept. */
  readonly kept: boolean;
  /** What happened, in a few words. */
  readonly figure: string;
}

export interface Place {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

export interface Fault {
  readonly name: string;
  /** Of docs/reliability.md. */
  readonly promise: number;
  readonly title: string;
  /** A client that has not come to an end by then is killed. */
  readonly boundSeconds: number;
  /**
   * With a database of its own. Leaves everything open: the process ends right after, and closing proxies before would
   * be one more fault. `'exit'`: what counts is when the process ends by itself.
   */
  run(client: FaultClient, place: Place): Promise<Outcome | 'exit'>;
}
