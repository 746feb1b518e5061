/** Halves of conversations for the fuzzer of test/adversity, and batches of rows. Not exported from the package. */
export {conversationNames, halfOf} from './conversation';
export type {Half} from './half';
export {RECORDED_PASSWORD, startOf} from './start-of-session';
export {batchOf} from './number-batch';
