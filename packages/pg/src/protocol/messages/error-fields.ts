/**
 * ErrorResponse and NoticeResponse: a list of fields, each a letter and a text.
 *
 * Protocol chapter: "Error and Notice Message Fields" (`PG_DIAG_*` in Postgres' `postgres_ext.h`).
 * Letters that are not known here are passed over, as the chapter asks.
 */
import type {DatabaseErrorFields} from '../../errors';
import type {ByteReader} from '../bytes/byte-reader';
import type {ByteWriter} from '../bytes/byte-writer';
import {BackendTag} from './tags';

type FieldName = keyof DatabaseErrorFields;

const fieldLetters = {
  severity: 'S',
  severityNonLocalized: 'V',
  code: 'C',
  message: 'M',
  detail: 'D',
  hint: 'H',
  position: 'P',
  internalPosition: 'p',
  internalQuery: 'q',
  where: 'W',
  schema: 's',
  table: 't',
  column: 'c',
  dataType: 'd',
  constraint: 'n',
  file: 'F',
  line: 'L',
  routine: 'R',
} as const satisfies Record<FieldName, string>;

function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(fieldLetters, name);
}

const fieldNames = Object.keys(fieldLetters).filter(isFieldName);

const namesByLetter: ReadonlyMap<number, FieldName> = new Map(
  fieldNames.map((name) => [fieldLetters[name].charCodeAt(0), name]),
);

/**
 * Reads the body of an ErrorResponse or a NoticeResponse.
 * @throws {ProtocolError} A field or the list is not terminated, or bytes follow it.
 */
export function readErrorFields(
  r: ByteReader,
  messageName: 'ErrorResponse' | 'NoticeResponse' = 'ErrorResponse',
): DatabaseErrorFields {
  r.messageName = messageName;
  const fields: {-readonly [Name in keyof DatabaseErrorFields]: DatabaseErrorFields[Name]} = {
    message: '(the server gave no message)',
  };
  for (let letter = r.int8(); letter !== 0; letter = r.int8()) {
    const text = r.cstring();
    const name = namesByLetter.get(letter);
    if (name !== undefined) fields[name] = text;
  }
  r.expectEnd(messageName);
  return fields;
}

export function writeErrorResponse(w: ByteWriter, fields: DatabaseErrorFields): void {
  writeErrorFields(w, BackendTag.ErrorResponse, fields);
}

export function writeNoticeResponse(w: ByteWriter, fields: DatabaseErrorFields): void {
  writeErrorFields(w, BackendTag.NoticeResponse, fields);
}

function writeErrorFields(w: ByteWriter, tag: number, fields: DatabaseErrorFields): void {
  const frame = w.begin(tag);
  for (const name of fieldNames) {
    const text = fields[name];
    if (text === undefined) continue;
    w.int8(fieldLetters[name].charCodeAt(0));
    w.cstring(text);
  }
  w.int8(0);
  w.end(frame);
}
