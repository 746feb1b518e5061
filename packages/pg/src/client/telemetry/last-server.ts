/** The server that a pool connected to last, as traces tell of it: the first of its hosts before there is one. */
import type {TraceTarget} from '../../tracing';

export class LastServer {
  constructor(public current: TraceTarget) {}
}
