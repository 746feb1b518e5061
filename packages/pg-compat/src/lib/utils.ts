/** `pg/lib/utils`: for libraries that load it from there. */
export {escapeIdentifier, escapeLiteral, prepareValue} from '../index';
