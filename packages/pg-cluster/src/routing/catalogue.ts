/**
 * What the rule has to know of a database: which calls are free of effects, and which names are not to be read
 * on a replica.
 *
 * Names are compared without their schema, so one bad `f` in any schema denies every `f`: a search_path changes
 * nothing. What is missing from it: objects made since it was read, and functions that are declared STABLE and write.
 */
export interface Catalogue {
  /** Functions of which no overload may have effects. */
  readonly harmlessFunctions: ReadonlySet<string>;
  /** Wherever one of these stands as an identifier, the statement goes to the primary. */
  readonly deniedNames: ReadonlySet<string>;
  readonly deniedOperators: ReadonlySet<string>;
  /** Volatile functions in the database's own languages, which may run anything, DDL as well. */
  readonly runningCode: ReadonlySet<string>;
}
