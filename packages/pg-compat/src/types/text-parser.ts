/** Reads the text that Postgres made of a value. */
// oxlint-disable-next-line typescript/no-explicit-any -- programs know what their parsers give, as with pg
export type TextParser<T = any> = (text: string) => T;
