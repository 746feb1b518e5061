/**
 * The texts of SCRAM (RFC 5802 section 7): attributes, separated by commas, in a fixed order.
 *
 * It parses what a server says, strictly, and knows nothing of keys and proofs.
 */
import {AuthenticationError, ProtocolError} from '../../errors';

export interface ServerFirst {
  readonly nonce: string;
  readonly salt: Buffer;
  readonly iterations: number;
}

/** Base64 as RFC 5802 has it: padded, and no characters beside the alphabet. Undefined where it is not. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    return undefined;
  const bytes = Buffer.from(text, 'base64');
  // Bits that the padding should leave at zero would make two texts of the same bytes.
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** A name as it stands in an attribute. */
export function escapeName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function malformed(which: string, what: string): ProtocolError {
  return new ProtocolError(`Malformed SCRAM ${which} message from the server: ${what}`);
}

/** The rest of an attribute that has this letter. */
function valueOf(letter: string, attribute: string | undefined): string | undefined {
  return attribute?.startsWith(`${letter}=`) === true ? attribute.slice(2) : undefined;
}

/** What the server has to say instead of going on; in printable ASCII, and not for ever. */
function serverError(text: string): AuthenticationError {
  const shown = text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
  return new AuthenticationError(`The server ended the SCRAM authentication with "${shown}"`, {
    code: 'PG_SERVER_NOT_PROVEN',
  });
}

/**
 * Parses `r=nonce,s=salt,i=iterations`.
 * @throws {ProtocolError} It is malformed.
 * @throws {AuthenticationError} `PG_SERVER_NOT_PROVEN`: it is an error.
 * `PG_AUTHENTICATION_UNSUPPORTED`: it has an extension that must be understood.
 */
export function parseServerFirst(message: string): ServerFirst {
  const [nonceAttribute, saltAttribute, iterationsAttribute] = message.split(',');
  const failure = valueOf('e', nonceAttribute);
  if (failure !== undefined) throw serverError(failure);
  if (valueOf('m', nonceAttribute) !== undefined) {
    throw new AuthenticationError(
      'The server requires a SCRAM extension (m=) that this client does not know. Nothing was sent to it',
      {code: 'PG_AUTHENTICATION_UNSUPPORTED'},
    );
  }
  const nonce = valueOf('r', nonceAttribute);
  if (nonce === undefined || !/^[\x21-\x7e]+$/.test(nonce)) {
    throw malformed('first', 'it does not start with a nonce (r=)');
  }
  const salt = decodeBase64(valueOf('s', saltAttribute) ?? '');
  if (salt === undefined) throw malformed('first', 'its salt (s=) is missing or not Base64');
  const iterations = valueOf('i', iterationsAttribute);
  if (iterations === undefined || !/^[1-9][0-9]{0,14}$/.test(iterations)) {
    throw malformed('first', 'its iteration count (i=) is missing or not a positive number');
  }
  return {nonce, salt, iterations: Number(iterations)};
}

/**
 * Parses `v=signature`.
 * @throws {ProtocolError} It is malformed.
 * @throws {AuthenticationError} `PG_SERVER_NOT_PROVEN`: it is an error.
 */
export function parseServerFinal(message: string): Buffer {
  const [attribute] = message.split(',');
  const failure = valueOf('e', attribute);
  if (failure !== undefined) throw serverError(failure);
  const signature = decodeBase64(valueOf('v', attribute) ?? '');
  if (signature === undefined) {
    throw malformed('final', 'its signature (v=) is missing or not Base64');
  }
  return signature;
}
