/** What the bench uses of `postgrejs` 2.23.1. */
export interface QueryResult<Row> {
  readonly rows?: Row[];
}
export interface ExecuteOptions {
  params?: readonly unknown[];
  objectRows?: boolean;
  fetchCount?: number;
}
export interface PreparedStatement {
  execute<Row>(options: ExecuteOptions): Promise<QueryResult<Row>>;
}
export interface ConnectionConfig {
  host: string;
  port: number;
  user: string;
  database: string;
  rollbackOnError?: boolean;
}
export class Connection {
  constructor(config: ConnectionConfig);
  connect(): Promise<void>;
  prepare(sql: string): Promise<PreparedStatement>;
  startTransaction(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  close(): Promise<void>;
}
