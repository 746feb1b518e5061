/* `@databases/pg-otel`: one function. */
export {instrument} from './instrument';
export type {InstrumentOptions, Instrumentation, ObservedPool} from './instrument';
