/** What the bench uses of Bun 1.4.5. */
/** The rows, and how many the command was about. */
export type Result<Row> = Row[] & {readonly count: number};
export interface Sql {
  <Row>(text: TemplateStringsArray, ...values: readonly unknown[]): PromiseLike<Result<Row>>;
  /** Rows as a fragment, for `INSERT INTO t ${sql(rows)}`. */
  (rows: readonly object[]): object;
  begin<T>(body: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
export interface Options {
  max: number;
  tls?: {ca: string};
}
export const SQL: new (url: string, options: Options) => Sql;
