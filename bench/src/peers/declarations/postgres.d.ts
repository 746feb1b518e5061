/** What the bench uses of `postgres` 3.4.9. */
interface Sql {
  <Row>(text: TemplateStringsArray, ...values: readonly unknown[]): PromiseLike<Row[]>;
  begin<T>(body: (sql: Sql) => Promise<T>): Promise<T>;
  end(): Promise<void>;
}
declare function postgres(url: string, options: {max: number}): Sql;
declare namespace postgres {
  export type {Sql};
}
export = postgres;
