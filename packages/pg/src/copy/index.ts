/** What the client layer uses of COPY: reading the statement, and rows as data. Pure: no connection, no clock. */
export {assertTakesRows, chooseEncoder} from './choose-encoder';
export type {RowPlan} from './choose-encoder';
export {readCopyStatement} from './copy-statement';
export type {CopyStatement} from './copy-statement';
export {encoderOfType} from './encoder-of-type';
export {CopyData} from './copy-data';
export type {CopyColumn, RowEncoder} from './row-encoder';
