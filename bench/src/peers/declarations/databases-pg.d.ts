/** What the bench uses of the published `@databases/pg` 6.1.0. */
export interface SQLQuery {
  readonly format: unknown;
}
export function sql(text: TemplateStringsArray, ...values: readonly unknown[]): SQLQuery;
export interface Queryable {
  // The published API types rows as `any`; the bench names the rows it reads.
  query<Row>(query: SQLQuery): Promise<Row[]>;
  query<Row>(queries: SQLQuery[]): Promise<Row[][]>;
  queryStream<Row>(query: SQLQuery, options: {batchSize: number}): AsyncIterable<Row>;
  task<T>(body: (connection: Queryable) => Promise<T>): Promise<T>;
  tx<T>(body: (transaction: Queryable) => Promise<T>): Promise<T>;
}
export interface ConnectionPool extends Queryable {
  dispose(): Promise<void>;
}
export default function createConnectionPool(options: {
  connectionString: string;
  poolSize: number;
  bigIntMode: 'number' | 'string' | 'bigint';
  ssl?: false | {ca: string};
}): ConnectionPool;
