/** What the bench uses of `pg-query-stream` 4.17.0. */
declare class QueryStream<Row> implements AsyncIterable<Row> {
  constructor(text: string, values: readonly unknown[], options: {highWaterMark: number});
  submit(connection: never): void;
  [Symbol.asyncIterator](): AsyncIterator<Row>;
}
export = QueryStream;
