/** `pg/lib`: for libraries that load it from there. */
export * from '../index';
export {default} from '../index';
