/* `@databases/sql/lexer`: Postgres' lexical rules, for whoever must look into SQL text. */
export {Lexer, tokenize} from './lexer';
export {hasSeveralStatements, splitStatements, type StatementRange} from './split-statements';
export type {LexerOptions, Token, TokenKind} from './token';
