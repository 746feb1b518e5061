// The public API of @databases/pg-otel. Written by tools/generate-api.mjs (npm run api).

// dist/index.d.mts
export { instrument, traceComment } from './index.js';
export type { InstrumentOptions, Instrumentation, ObservedPool } from './index.js';

// dist/index.d.ts
export { instrument } from './instrument';
export type { InstrumentOptions, Instrumentation, ObservedPool } from './instrument';
export { traceComment } from './trace-comment';

// dist/instrument.d.ts
import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import type { PoolStats, QueryTrace } from '@databases/pg';
export interface ObservedPool {
    stats(): Pick<PoolStats, 'name' | 'idle' | 'leased' | 'busy' | 'waiting' | 'max'>;
}
export interface InstrumentOptions {
    readonly tracerProvider?: TracerProvider | undefined;
    readonly meterProvider?: MeterProvider | undefined;
    readonly pools?: readonly ObservedPool[] | undefined;
    readonly parameters?: boolean | undefined;
    readonly returnedRows?: boolean | undefined;
    readonly summary?: ((trace: QueryTrace) => string | undefined) | undefined;
}
export interface Instrumentation {
    stop(): void;
}
export declare function instrument(options?: InstrumentOptions): Instrumentation;

// dist/trace-comment.d.ts
export declare function traceComment(): {
    traceparent: string;
    tracestate?: string;
} | undefined;
