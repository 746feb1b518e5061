/**
 * What reading a text depends on. Apart from the lexer: the declarations that programs see may not lead to
 * `@databases/sql/lexer`, which older settings of TypeScript do not find.
 */
export interface LexicalSettings {
  /** The server's `standard_conforming_strings`. Default true. */
  readonly standardConformingStrings?: boolean;
}
