/** `db.inspector()`: a page for the pool. */
export {createInspector} from './create-inspector';
