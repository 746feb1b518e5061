/**
 * The server's half of the protocol, for tests: writers of what a server sends, a decoder of what a client
 * sends, and a server that answers as a script says. Not exported from the package.
 */
export {FrontendDecoder} from './frontend-decoder';
export {readFrontendMessage, readStartupPacket} from './frontend-message';
export type {FrontendMessage, StartupPacket} from './frontend-message';
export {ScramServer} from './scram-server';
export type {ScramServerOptions} from './scram-server';
export type {BackendScript, ScriptedAuthentication, ScriptedColumn, ScriptedReply} from './script';
export {ScriptedBackend} from './scripted-backend';
export {writeNotificationResponse, writeParameterStatus} from '../messages/asynchronous';
export {
  readPassword,
  readSASLInitialResponse,
  readSASLResponse,
  writeAuthentication,
} from '../messages/authentication';
export {writeBackendKeyData} from '../messages/cancel';
export {writeCopyResponse} from '../messages/copy';
export {writeErrorResponse, writeNoticeResponse} from '../messages/error-fields';
export {writeParameterDescription} from '../messages/extended-query';
export {
  writeCommandComplete,
  writeDataRow,
  writeEmptyBody,
  writeReadyForQuery,
  writeRowDescription,
} from '../messages/result';
export {writeNegotiateProtocolVersion} from '../messages/startup';
