/** For tests: a script for single statements, and the server's messages by name, to answer by hand. */
import {BackendTag} from '../../protocol';
import {
  writeCommandComplete,
  writeCopyResponse,
  writeDataRow,
  writeEmptyBody,
  writeErrorResponse,
  writeParameterDescription,
  writeReadyForQuery,
  writeRowDescription,
} from '../../protocol/testing';
import type {BackendScript} from '../../protocol/testing';
import type {Write} from '../session/session.test.support';

export const script: BackendScript = {
  query(text, parameters) {
    if (text.startsWith('fail')) return {error: {code: '22012', message: 'division by zero'}};
    if (text.startsWith('cancelled')) return {error: {code: '57014', message: 'canceled'}};
    if (text.startsWith('echo')) {
      return {columns: ['value'], rows: [parameters.map((value) => value?.toString() ?? null)]};
    }
    if (text.startsWith('nothing')) return {commandTag: 'UPDATE 3'};
    if (/^(?:BEGIN|COMMIT|ROLLBACK)/.test(text)) return {};
    return {columns: ['text'], rows: [[text]]};
  },
  describe: (text) => {
    if (text.startsWith('echo')) return ['value'];
    return /^(?:BEGIN|COMMIT|ROLLBACK|nothing)/.test(text) ? undefined : ['text'];
  },
};

export const bodyless =
  (tag: number): Write =>
  (w) =>
    writeEmptyBody(w, tag);
export const parseComplete = bodyless(BackendTag.ParseComplete);
export const bindComplete = bodyless(BackendTag.BindComplete);
export const closeComplete = bodyless(BackendTag.CloseComplete);
export const noParameters: Write = (w) => writeParameterDescription(w, []);
export const noData = bodyless(BackendTag.NoData);
export const copyIn: Write = (w) =>
  writeCopyResponse(w, BackendTag.CopyInResponse, {format: 0, columnFormats: [0]});
export const oneColumn: Write = (w) =>
  writeRowDescription(w, [
    {
      name: 'a',
      tableOid: 0,
      columnNumber: 0,
      typeOid: 25,
      typeSize: -1,
      typeModifier: -1,
      format: 0,
    },
  ]);
export const row: Write = (w) => writeDataRow(w, ['1']);
export const complete: Write = (w) => writeCommandComplete(w, 'SELECT 1');
export const ready: Write = (w) => writeReadyForQuery(w, 'I');
export const fails =
  (code: string, more: {routine?: string} = {}): Write =>
  (w) =>
    writeErrorResponse(w, {severityNonLocalized: 'ERROR', code, message: `it is ${code}`, ...more});
export const described: readonly Write[] = [parseComplete, noParameters, oneColumn];
export const oneRow: readonly Write[] = [bindComplete, row, complete, ready];
