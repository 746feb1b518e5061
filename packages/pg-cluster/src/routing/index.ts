/** Where a statement goes: pure functions of its text and the catalogue. */
export {CATALOGUE_QUERY} from './catalogue-query';
export type {Catalogue} from './catalogue';
export {classify} from './classify';
export {readCatalogue} from './read-catalogue';
export type {CatalogueOptions, CatalogueRow} from './read-catalogue';
export {Router} from './router';
export type {RouterOptions} from './router';
export {describeVerdict} from './verdict';
export type {RuleName, Target, Verdict} from './verdict';
