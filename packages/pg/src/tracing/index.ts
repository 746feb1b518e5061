/** What is told to diagnostics channels, and how. */
export {
  acquireChannel,
  cancelChannel,
  connectChannel,
  poolChannel,
  queryChannel,
  releaseChannel,
  streamChannel,
  transactionChannel,
} from './channels';
export {traced} from './traced';
export {
  AcquireTrace,
  CancelTrace,
  ConnectTrace,
  PoolTrace,
  QueryTrace,
  ReleaseTrace,
  StreamTrace,
  TransactionTrace,
} from './traces';
export type {AcquirePurpose, StreamKind, TraceTarget, TracedStatements} from './traces';
