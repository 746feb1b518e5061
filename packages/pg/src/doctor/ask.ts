/** Asks a connection something of the doctor's own; answers come as text, row after row. */
import {SimpleQuery} from '../connection';
import type {Connection} from '../connection';

export type Row = readonly (string | null)[];

/** @throws {DatabaseError | ConnectionError} */
export function ask(connection: Connection, text: string): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const rows: Row[] = [];
    connection.send(
      new SimpleQuery(
        text,
        (error) => {
          if (error === undefined) resolve(rows);
          else reject(error);
        },
        (values) => rows.push(values),
      ),
    );
  });
}
