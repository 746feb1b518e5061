/** `pg/lib/utils`: for libraries that load it from there. */
export {escapeIdentifier, escapeLiteral} from '../escape';
export {prepareValue} from '../prepare-value';
