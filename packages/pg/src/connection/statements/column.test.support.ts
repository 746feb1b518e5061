/** A column as RowDescription tells of it, of no table. */
import type {Column} from '../../protocol';

export const INT4 = 23;
export const TEXT = 25;

export const column = (name: string, typeOid = INT4): Column => ({
  name,
  typeOid,
  tableOid: 0,
  columnNumber: 0,
  typeSize: -1,
  typeModifier: -1,
  format: 0,
});
