/* What `import` gets: the same objects as `require`, under names. */
// oxlint-disable-next-line import/default -- `export =` is the default export of CommonJS
import api from './web.js';

export default api;
export const {sql, isSqlQuery, SQLItemType, escapeIdentifier, pgFormat} = api;
export type SQLItemType = api.SQLItemType;
export type {SQL, SQLQuery, SQLItem, FormatConfig, FormattedQuery} from './web.js';
