/* What `import` gets: the same function as `require`. */
export {instrument} from './index.js';
export type {InstrumentOptions, Instrumentation, ObservedPool} from './index.js';
