/** What programs say to, and get from, `inspector()`. Types only: the inspector itself is loaded when it is asked for. */
import type {IncomingMessage, ServerResponse} from 'node:http';
import type {PoolStats} from './pool-stats';

export interface InspectorOptions {
  /**
   * Whether a request may see the pool. Asked for every request, those from this machine included, in place of the
   * rules for addresses and names. What it throws is a no, and goes to `onError`. Default: those rules.
   */
  readonly authorize?: (request: IncomingMessage) => boolean | Promise<boolean>;
  /** Answers everybody who can reach the server, without a question. Default: false. */
  readonly allowRemote?: boolean;
}

/** For `http.createServer`, and for frameworks that take such handlers. */
export type InspectorHandler = (request: IncomingMessage, response: ServerResponse) => void;

export type CreateInspector = (
  stats: () => PoolStats,
  options: InspectorOptions,
  report: (error: Error) => void,
) => InspectorHandler;
