/* What `import` gets: the same functions as `require`. */
export {instrument, traceComment} from './index.js';
export type {InstrumentOptions, Instrumentation, ObservedPool} from './index.js';
