/* The items a query consists of, as `query.format(items => ...)` shows them. */

export enum SQLItemType {
  RAW = 0,
  VALUE = 1,
  IDENTIFIER = 2,
}

/** Text that goes into the query as it is. */
export interface RawItem {
  readonly type: SQLItemType.RAW;
  readonly text: string;
}

/** A parameter. */
export interface ValueItem {
  readonly type: SQLItemType.VALUE;
  readonly value: unknown;
}

/** A quoted name; several are joined with dots. One that is no string stands for a generated name. */
export interface IdentifierItem {
  readonly type: SQLItemType.IDENTIFIER;
  readonly names: readonly unknown[];
}

export type SQLItem = RawItem | ValueItem | IdentifierItem;
