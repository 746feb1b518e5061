/** What the bench uses of `pg-cursor` 2.22.0. */
declare class Cursor<Row> {
  constructor(text: string);
  submit(connection: never): void;
  read(rows: number): Promise<Row[]>;
  close(): Promise<void>;
}
export = Cursor;
