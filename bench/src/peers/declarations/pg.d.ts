/** What the bench uses of `pg` 8.23.1. */
export interface QueryConfig {
  name?: string;
  text: string;
  values?: readonly unknown[];
}
export interface QueryResult<Row> {
  rows: Row[];
  rowCount: number | null;
}
export interface ClientConfig {
  connectionString: string;
  pipeline?: boolean;
  ssl?: {ca: string};
}
export class Client {
  constructor(config: ClientConfig);
  connect(): Promise<unknown>;
  query<Row>(query: QueryConfig): Promise<QueryResult<Row>>;
  query(text: string): Promise<QueryResult<unknown>>;
  end(): Promise<void>;
}
/** What a client runs by itself: a cursor, a stream. */
export interface Submittable {
  submit(connection: never): void;
}
export interface PoolClient {
  query<Query extends Submittable>(query: Query): Query;
  query<Row>(query: QueryConfig): Promise<QueryResult<Row>>;
  query(text: string): Promise<QueryResult<unknown>>;
  release(broken?: boolean): void;
}
export class Pool {
  constructor(config: ClientConfig & {max: number; idleTimeoutMillis?: number});
  query<Row>(query: QueryConfig): Promise<QueryResult<Row>>;
  connect(): Promise<PoolClient>;
  end(): Promise<void>;
}
