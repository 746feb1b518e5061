/** The public surface of the package. */
export {CATALOGUE_QUERY, Router, classify, describeVerdict, readCatalogue} from './routing';
export type {Catalogue, CatalogueOptions, CatalogueRow, Verdict} from './routing';
