/** Types: how values of Postgres are read and how parameters are written. */
export {parseArray} from './array-text';
export {CATALOGUE_QUERY} from './catalogue';
export type {CatalogueType} from './catalogue';
export type {BigIntMode, BinaryDecoder, Codec, InlineDecoder, TypeParser} from './codec';
export {parseComposite} from './composite';
export {DataTypeID} from './data-type-id.generated';
export type {Circle, Point} from './geometric-codec';
export {PostgresInterval} from './interval';
export type {IntervalFields} from './interval';
export {JSON_ARRAY_OIDS, JSON_OIDS} from './json-codec';
export {encodeParameter, needsParameterType} from './parameter';
export type {EncodedParameter} from './parameter';
export {asItIs} from './string-codec';
export {readUtf8} from './utf8';
export {BUILTIN_TYPE_OIDS, TypeRegistry} from './registry';
export type {TypeRegistryOptions} from './registry';
