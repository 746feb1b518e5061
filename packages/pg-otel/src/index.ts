/* `@databases/pg-otel`: two functions. */
export {instrument} from './instrument';
export type {InstrumentOptions, Instrumentation, ObservedPool} from './instrument';
export {traceComment} from './trace-comment';
