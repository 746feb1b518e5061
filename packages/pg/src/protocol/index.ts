/**
 * What the connection layer uses of the wire protocol. Sans-I/O: no sockets, timers, globals, randomness.
 *
 * `testing/`, the server's half, is imported by tests from its own path.
 */
export {md5Password} from './auth/md5';
export {DEFAULT_MAX_SCRAM_ITERATIONS, ScramClient} from './auth/scram';
export type {ScramChannelBinding, ScramClientOptions, ScramCrypto} from './auth/scram';
export {rememberScramKeys} from './auth/scram-keys';
export type {ScramKeyCrypto} from './auth/scram-keys';
export {ByteReader} from './bytes/byte-reader';
export {ByteWriter, GROWTH_SLACK_BYTES} from './bytes/byte-writer';
export {SOLE_FRAME_BYTES, giveBytes} from './bytes/frame-memory';
export {LARGE_CHUNK_BYTES, LargeChunks} from './bytes/large-chunks';
export {spareChunks} from './bytes/spare-chunks';
export {FRAME_HEADER_BYTES, FrameDecoder} from './framing/frame-decoder';
export type {FrameDecoderOptions} from './framing/frame-decoder';
export {BackendTag, FrontendTag, nameOfBackendTag, nameOfFrontendTag} from './messages/tags';
export {readParameterStatus, readNotificationResponse} from './messages/asynchronous';
export type {NotificationResponse, ParameterStatus} from './messages/asynchronous';
export {
  readAuthentication,
  writePassword,
  writeSASLInitialResponse,
  writeSASLResponse,
} from './messages/authentication';
export type {Authentication} from './messages/authentication';
export {writeBind} from './messages/bind';
export type {BindParameter} from './messages/bind';
export {readBackendKeyData, writeCancelRequest} from './messages/cancel';
export type {BackendKeyData} from './messages/cancel';
export {
  readCopyData,
  readCopyResponse,
  writeCopyData,
  writeCopyDone,
  writeCopyFail,
} from './messages/copy';
export type {CopyResponse} from './messages/copy';
export {readErrorFields} from './messages/error-fields';
export {
  MAX_PARAMETERS,
  readParameterDescription,
  writeClosePortal,
  writeCloseStatement,
  writeDescribePortal,
  writeDescribeStatement,
  writeExecute,
  writeFlush,
  writeParse,
  writeSync,
} from './messages/extended-query';
export {
  readCommandComplete,
  readDataRow,
  readEmptyBody,
  readReadyForQuery,
  readRowDescription,
} from './messages/result';
export type {Column, TransactionStatus} from './messages/result';
export {writeQuery, writeTerminate} from './messages/simple-query';
export {
  PROTOCOL_3_0,
  PROTOCOL_3_2,
  readNegotiateProtocolVersion,
  writeGSSENCRequest,
  writeSSLRequest,
  writeStartup,
} from './messages/startup';
export type {NegotiateProtocolVersion, Startup} from './messages/startup';
