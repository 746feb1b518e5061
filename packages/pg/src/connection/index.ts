/** What the client layer uses of connections. */
export {Connection} from './connection';
export type {ConnectionEvents} from './connection';
export type {
  CertificateFacts,
  ConnectEvent,
  ObserveConnect,
  TlsFacts,
} from './attempts/connect-events';
export {CopyIn} from './exchanges/copy-in';
export type {CopyInEvents} from './exchanges/copy-in';
export {CopyOut} from './exchanges/copy-out';
export type {CopyOutEvents} from './exchanges/copy-out';
export {ExtendedQuery} from './exchanges/extended-query';
export {NamedPortal} from './exchanges/named-portal';
export type {SharedSession} from './exchanges/named-portal';
export {PortalCursor} from './exchanges/portal-cursor';
export type {Cursor, CursorEvents} from './exchanges/portal-cursor';
export {SimpleQuery} from './exchanges/simple-query';
export {Step} from './exchanges/step';
export {TextQuery} from './exchanges/text-query';
export type {TextStatement} from './exchanges/text-query';
export {TextScript} from './exchanges/text-script';
export type {TextReader} from './exchanges/text-script';
export type {Exchange, ExchangeSession, TransactionStatus} from './session/exchange';
export type {Phase} from './session/phase';
export type {PreparedStatement} from './statements/prepared-statements';
export type {RowBatch} from './rows/row-batch';
export type {Row} from './rows/row-decoder';
export {unfitFor, wishesOf} from './hosts/session-attributes';
export {largeChunks} from './memory/large-chunks';
export {Statement} from './statements/statement';
export {Connector} from './connector';
export {traceTarget} from './hosts/trace-target';
export {isFinalConnectFailure, isTransientConnectFailure} from './hosts/connect-failure';
