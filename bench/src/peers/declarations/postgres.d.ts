/** What the bench uses of `postgres` 3.4.9. */
import type {Writable} from 'node:stream';

interface Query<Row> extends PromiseLike<Row[]> {
  cursor(rows: number): AsyncIterable<Row[]>;
  /** Of COPY ... FROM STDIN. */
  writable(): Promise<Writable>;
}
interface Sql {
  <Row>(text: TemplateStringsArray, ...values: readonly unknown[]): Query<Row>;
  begin<T>(body: (sql: Sql) => Promise<T>): Promise<T>;
  reserve(): Promise<ReservedSql>;
  end(): Promise<void>;
}
interface Options {
  max: number;
  ssl?: {ca: string};
}
interface ReservedSql extends Sql {
  release(): void;
}
declare function postgres(url: string, options: Options): Sql;
declare namespace postgres {
  export type {Sql};
}
export = postgres;
