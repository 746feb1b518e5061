/** What the client layer uses of connections. */
export {Connection} from './connection';
export type {ConnectionEvents} from './connection';
export type {CertificateFacts, ConnectEvent, ObserveConnect, TlsFacts} from './connect-events';
export {ExtendedQuery} from './exchanges/extended-query';
export {PortalCursor} from './exchanges/portal-cursor';
export type {CursorEvents} from './exchanges/portal-cursor';
export {SimpleQuery} from './exchanges/simple-query';
export {Step} from './exchanges/step';
export type {Exchange, ExchangeSession, TransactionStatus} from './exchange';
export type {Phase} from './phase';
export type {PreparedStatement} from './prepared-statements';
export type {Row} from './row-decoder';
export {unfitFor, wishesOf} from './session-attributes';
export {Statement} from './statement';
export {Connector} from './connector';
export {isTransientConnectFailure} from './connect-failure';
