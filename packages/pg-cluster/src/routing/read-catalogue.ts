/** Makes a catalogue of what the database says of itself and what the program says of it. */
import type {Catalogue} from './catalogue';
import {classify} from './classify';
import type {LexicalSettings} from './lexical-settings';
import {VETTED_FUNCTIONS} from './words';

/** The rows of CATALOGUE_QUERY. */
export interface CatalogueRow {
  readonly kind: 'harmless' | 'denied' | 'operator' | 'code' | 'definition';
  readonly name: string;
  /** Of a definition: a query or an expression that reading the name runs. */
  readonly text: string | null;
}

export interface CatalogueOptions extends LexicalSettings {
  /** Functions, views and tables that may be read on a replica whatever the catalogue says. Names as in pg_proc. */
  readonly reads?: readonly string[];
  /** Names that send a statement to the primary whatever the catalogue says. */
  readonly writes?: readonly string[];
}

export function readCatalogue(
  rows: readonly CatalogueRow[],
  {reads = [], writes = [], ...settings}: CatalogueOptions = {},
): Catalogue {
  const harmlessFunctions = new Set<string>(VETTED_FUNCTIONS);
  const deniedNames = new Set<string>();
  const deniedOperators = new Set<string>();
  const runningCode = new Set<string>();
  const definitions: CatalogueRow[] = [];
  for (const row of rows) {
    if (row.kind === 'harmless') harmlessFunctions.add(row.name);
    else if (row.kind === 'denied') deniedNames.add(row.name);
    else if (row.kind === 'operator') deniedOperators.add(row.name);
    else if (row.kind === 'code') runningCode.add(row.name);
    else definitions.push(row);
  }
  // A name of an extension's or the program's own that is vetted as volatile was denied as such by the query.
  for (const name of VETTED_FUNCTIONS) deniedNames.delete(name);
  for (const name of reads) {
    deniedNames.delete(name);
    harmlessFunctions.add(name);
  }
  for (const name of writes) {
    deniedNames.add(name);
    harmlessFunctions.delete(name);
  }
  const catalogue = {harmlessFunctions, deniedNames, deniedOperators, runningCode};
  denyWhatReadsTheDenied(catalogue, definitions, new Set(reads), settings);
  return catalogue;
}

/** Whether every statement gets the same verdict by both. */
export function isSameCatalogue(one: Catalogue, other: Catalogue): boolean {
  return (
    isSameSet(one.harmlessFunctions, other.harmlessFunctions) &&
    isSameSet(one.deniedNames, other.deniedNames) &&
    isSameSet(one.deniedOperators, other.deniedOperators) &&
    isSameSet(one.runningCode, other.runningCode)
  );
}

function isSameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  if (one.size !== other.size) return false;
  for (const name of one) if (!other.has(name)) return false;
  return true;
}

/** Views of views: until no further name is denied. */
function denyWhatReadsTheDenied(
  catalogue: Catalogue & {deniedNames: Set<string>},
  definitions: readonly CatalogueRow[],
  vetted: ReadonlySet<string>,
  settings: LexicalSettings,
): void {
  let open = definitions.filter(({name}) => !vetted.has(name));
  for (let before = -1; before !== open.length;) {
    before = open.length;
    open = open.filter(({name, text}) => {
      if (text !== null && classify(text, catalogue, settings).target === 'replica') return true;
      catalogue.deniedNames.add(name);
      return false;
    });
  }
}
