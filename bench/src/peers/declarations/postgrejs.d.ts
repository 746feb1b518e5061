/** What the bench uses of `postgrejs` 2.23.1. */
export interface QueryResult<Row> {
  readonly rows?: Row[];
  readonly rowsAffected?: number;
  readonly cursor?: Cursor<Row>;
}
export interface Cursor<Row> {
  fetch(rows: number): Promise<Row[]>;
  close(): Promise<void>;
}
export interface ExecuteOptions {
  params?: readonly unknown[];
  objectRows?: boolean;
  fetchCount?: number;
}
export interface QueryOptions extends ExecuteOptions {
  cursor?: boolean;
}
export interface PreparedStatement {
  execute<Row>(options: ExecuteOptions): Promise<QueryResult<Row>>;
}
export interface ConnectionConfig {
  host: string;
  port: number;
  user: string;
  database: string;
  password?: string;
  requireSSL?: boolean;
  ssl?: {ca: string; host: string};
  rollbackOnError?: boolean;
}
export class BindParam {
  oid: number;
  value: unknown;
  constructor(oid: number, value: unknown);
}
export class Pool {
  constructor(config: ConnectionConfig & {max: number; maxQueue: number});
  query<Row>(sql: string, options?: QueryOptions): Promise<QueryResult<Row>>;
  close(): Promise<void>;
}
export class Connection {
  constructor(config: ConnectionConfig | string);
  query<Row>(sql: string, options?: QueryOptions): Promise<QueryResult<Row>>;
  connect(): Promise<void>;
  prepare(sql: string): Promise<PreparedStatement>;
  startTransaction(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}
export const DataTypeOIDs: Readonly<
  Record<'_int4' | '_text' | '_float8' | '_timestamptz' | '_bool', number>
>;
