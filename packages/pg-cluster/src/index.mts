export {CATALOGUE_QUERY, Router, classify, describeVerdict, readCatalogue} from './index.js';
