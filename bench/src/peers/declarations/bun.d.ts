/** What the bench uses of Bun 1.4.5. */
export interface Sql {
  <Row>(text: TemplateStringsArray, ...values: readonly unknown[]): PromiseLike<Row[]>;
  begin<T>(body: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
export const SQL: new (url: string, options: {max: number}) => Sql;
