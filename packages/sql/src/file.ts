/*
 * Queries from files. Asks the process for its file system instead of importing one, so that bundles for
 * browsers, which have none, can hold the package.
 */
import {argumentError, buildError, typeName} from './errors';
import type {SQLQuery} from './sql-query';
import type {SQL} from './tag';

/** The tag where there may be files. */
export interface SQLWithFile extends SQL {
  /**
   * A query of a file's text (UTF-8), read at once. Whoever writes the file has your database.
   *
   * @throws {Error} `SQL_NO_FILE_SYSTEM` where there is none, and what reading the file throws.
   */
  readonly file: (path: string) => SQLQuery;
}

/** The part of node:fs that is used. */
interface FileSystem {
  readFileSync(path: string, encoding: 'utf8'): string;
}

/** Takes the text as it is; reading a file is trusting it. */
type MakeQuery = (text: string) => SQLQuery;

/** `sql.file`, over what makes a query of trusted text and over the file system (if there is one). */
export function createFileReader(
  makeQuery: MakeQuery,
  fileSystem: () => FileSystem | undefined = processFileSystem,
): (path: string) => SQLQuery {
  return (path) => {
    if (typeof path !== 'string') {
      throw argumentError(
        'SQL_INVALID_ARGUMENT',
        `sql.file(path) takes a string, but was given ${typeName(path)}.`,
      );
    }
    const fs = fileSystem();
    if (fs === undefined) {
      throw buildError(
        'SQL_NO_FILE_SYSTEM',
        `sql.file(${JSON.stringify(path)}) needs the file system of Node 20.16, or 22.3, or later, ` +
          'and there is none here. Load the text another way and use sql.__dangerous__rawValue(text).',
      );
    }
    // A byte order mark is a syntax error to the server.
    return makeQuery(fs.readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  };
}

function processFileSystem(): FileSystem | undefined {
  return globalThis.process?.getBuiltinModule?.('node:fs');
}
