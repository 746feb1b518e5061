/**
 * Bind: makes a portal of a statement and its parameters.
 *
 * Invariant: the parameters are plain values that are encoded already, so that no code of a caller runs
 * while the frame is open; an error leaves nothing of it.
 */
import {ValueError} from '../../errors';
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {checkParameterCount} from './extended-query';
import {FrontendTag} from './tags';

/** Text for the text format, bytes for the binary one. */
export type BindParameter = string | Uint8Array | null;

const NULL_LENGTH = -1;

/**
 * @param resultFormats None: all columns as text. One: for all columns. Else one per column.
 * @throws {ValueError} `PG_PARAMETER_INVALID`: more than 65,535 parameters or result formats; NUL or a
 * lone surrogate in a text; more than 1 GiB in total. Nothing was written.
 */
export function writeBind(
  w: ByteWriter,
  portal: string,
  statement: string,
  parameters: readonly BindParameter[],
  resultFormats: readonly number[],
): void {
  checkParameterCount(parameters.length);
  const frame = w.begin(FrontendTag.Bind);
  w.cstring(portal);
  w.cstring(statement);
  writeParameterFormats(w, parameters);
  w.uint16(parameters.length);
  let index = 0;
  try {
    for (; index < parameters.length; index++) {
      const parameter = parameters[index];
      if (typeof parameter === 'string') {
        w.utf8WithLength(parameter);
      } else if (parameter === null || parameter === undefined) {
        w.int32(NULL_LENGTH);
      } else {
        w.int32(parameter.length);
        w.bytes(parameter);
      }
    }
  } catch (error) {
    throw naming(error, index);
  }
  w.uint16(resultFormats.length);
  for (const format of resultFormats) w.int16(format);
  w.end(frame);
}

/** Says which parameter it was. */
function naming(error: unknown, index: number): unknown {
  if (!(error instanceof ValueError)) return error;
  return new ValueError(`Parameter $${index + 1}: ${error.message}`, {
    code: error.code,
    cause: error,
  });
}

/** As few format codes as say it: none for all text, one for all binary. NULL has no format. */
function writeParameterFormats(w: ByteWriter, parameters: readonly BindParameter[]): void {
  let texts = 0;
  let binaries = 0;
  for (const parameter of parameters) {
    if (typeof parameter === 'string') texts++;
    else if (parameter !== null) binaries++;
  }
  if (binaries === 0) {
    w.uint16(0);
  } else if (texts === 0) {
    w.uint16(1);
    w.int16(1);
  } else {
    w.uint16(parameters.length);
    for (const parameter of parameters) {
      w.int16(typeof parameter === 'string' || parameter === null ? 0 : 1);
    }
  }
}

export interface Bind {
  readonly portal: string;
  readonly statement: string;
  /** None, one for all, or one per parameter. */
  readonly parameterFormats: readonly number[];
  /** As they came. Copies: they outlive the frame. */
  readonly parameters: readonly (Buffer | null)[];
  readonly resultFormats: readonly number[];
}

export function readBind(r: ByteReader): Bind {
  r.messageName = 'Bind';
  const portal = r.cstring();
  const statement = r.cstring();
  const parameterFormats = readFormats(r, 'parameter formats');
  const count = r.uint16();
  r.expectRoomFor(count, 4, 'parameters');
  const parameters: (Buffer | null)[] = [];
  for (let index = 0; index < count; index++) {
    const length = r.int32();
    parameters.push(length === NULL_LENGTH ? null : Buffer.from(r.bytes(length)));
  }
  const resultFormats = readFormats(r, 'result formats');
  r.expectEnd('Bind');
  if (parameterFormats.length > 1 && parameterFormats.length !== count) {
    throw r.malformed(`it has ${parameterFormats.length} formats for ${count} parameters`);
  }
  return {portal, statement, parameterFormats, parameters, resultFormats};
}

function readFormats(r: ByteReader, what: string): number[] {
  const count = r.uint16();
  r.expectRoomFor(count, 2, what);
  const formats: number[] = [];
  for (let index = 0; index < count; index++) formats.push(readFormat(r));
  return formats;
}

function readFormat(r: ByteReader): number {
  const format = r.int16();
  if (format !== 0 && format !== 1) throw r.malformed(`it has the format code ${format}`);
  return format;
}
