/**
 * The bytes that say which message a frame is, under the names of the protocol chapter
 * "Message Formats" (Postgres' `protocol.h` calls them `PqMsg_*`).
 *
 * Some letters mean one message from the frontend and another one from the backend.
 */

/** What the server sends. */
export const BackendTag = {
  ParseComplete: 0x31, // 1
  BindComplete: 0x32, // 2
  CloseComplete: 0x33, // 3
  NotificationResponse: 0x41, // A
  CommandComplete: 0x43, // C
  DataRow: 0x44, // D
  ErrorResponse: 0x45, // E
  CopyInResponse: 0x47, // G
  CopyOutResponse: 0x48, // H
  EmptyQueryResponse: 0x49, // I
  BackendKeyData: 0x4b, // K
  NoticeResponse: 0x4e, // N
  Authentication: 0x52, // R
  ParameterStatus: 0x53, // S
  RowDescription: 0x54, // T
  FunctionCallResponse: 0x56, // V
  CopyBothResponse: 0x57, // W
  ReadyForQuery: 0x5a, // Z
  CopyDone: 0x63, // c
  CopyData: 0x64, // d
  NoData: 0x6e, // n
  PortalSuspended: 0x73, // s
  ParameterDescription: 0x74, // t
  NegotiateProtocolVersion: 0x76, // v
} as const;

/** What the client sends, once the connection is past its startup message. */
export const FrontendTag = {
  Bind: 0x42, // B
  Close: 0x43, // C
  Describe: 0x44, // D
  Execute: 0x45, // E
  FunctionCall: 0x46, // F
  Flush: 0x48, // H
  Parse: 0x50, // P
  Query: 0x51, // Q
  Sync: 0x53, // S
  Terminate: 0x58, // X
  CopyDone: 0x63, // c
  CopyData: 0x64, // d
  CopyFail: 0x66, // f
  /** PasswordMessage, SASLInitialResponse, SASLResponse or GSSResponse: the request before it tells which. */
  PasswordMessage: 0x70, // p
} as const;

function namesByTag(tags: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(tags).map(([name, tag]) => [tag, name]));
}

const backendNames = namesByTag(BackendTag);
const frontendNames = namesByTag(FrontendTag);

function describeUnknown(tag: number): string {
  const byte = `0x${tag.toString(16).padStart(2, '0')}`;
  return tag > 0x20 && tag < 0x7f ? `unknown type '${String.fromCharCode(tag)}' (${byte})` : byte;
}

/** The message's name in the protocol chapter, or a description of the byte when there is none. */
export function nameOfBackendTag(tag: number): string {
  return backendNames.get(tag) ?? describeUnknown(tag);
}

/** The message's name in the protocol chapter, or a description of the byte when there is none. */
export function nameOfFrontendTag(tag: number): string {
  return frontendNames.get(tag) ?? describeUnknown(tag);
}
