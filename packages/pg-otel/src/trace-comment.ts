/**
 * What `sqlCommenter` of a pool says of the span that is active: `traceparent` and `tracestate` as W3C has them.
 *
 * It needs no propagator to be registered. The span is the one around the query, such as that of a request or a
 * transaction; the span of the query itself begins later.
 */
import {context, isSpanContextValid, trace} from '@opentelemetry/api';

/** Undefined where no span is active. */
export function traceComment(): {traceparent: string; tracestate?: string} | undefined {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  const flags = (span.traceFlags & 0xff).toString(16).padStart(2, '0');
  const traceparent = `00-${span.traceId}-${span.spanId}-${flags}`;
  const tracestate = span.traceState?.serialize();
  return tracestate === undefined ? {traceparent} : {traceparent, tracestate};
}
