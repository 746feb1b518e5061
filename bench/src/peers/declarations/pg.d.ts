/** What the bench uses of `pg` 8.23.1. */
export interface QueryConfig {
  name?: string;
  text: string;
  values?: readonly unknown[];
}
export interface QueryResult<Row> {
  rows: Row[];
}
export interface ClientConfig {
  connectionString: string;
  pipeline?: boolean;
}
export class Client {
  constructor(config: ClientConfig);
  connect(): Promise<unknown>;
  query<Row>(query: QueryConfig): Promise<QueryResult<Row>>;
  query(text: string): Promise<QueryResult<unknown>>;
  end(): Promise<void>;
}
export interface PoolClient {
  query<Row>(query: QueryConfig): Promise<QueryResult<Row>>;
  query(text: string): Promise<QueryResult<unknown>>;
  release(broken?: boolean): void;
}
export class Pool {
  constructor(config: ClientConfig & {max: number});
  query<Row>(query: QueryConfig): Promise<QueryResult<Row>>;
  connect(): Promise<PoolClient>;
  end(): Promise<void>;
}
