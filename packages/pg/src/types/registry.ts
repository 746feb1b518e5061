/**
 * From the OID of a type to how its values are read: built-in types, the program's own parsers, and what the
 * server's catalogue says about the rest. Arrays and domains are derived from their elements and bases.
 *
 * Does no input or output: who finds `codecOf` undefined asks the server (CATALOGUE_QUERY) and calls `describe`.
 * Invariants: a parser of the program wins over everything for its OID, and reaches its arrays and domains; after
 * any change `version` differs, and no codec given out before is changed by it.
 */
import {types as nodeTypes} from 'node:util';
import {ConfigurationError} from '../errors';
import {arrayDecoder} from './array-binary';
import {parseArray} from './array-text';
import {BUILTIN_CODECS} from './builtin-codecs';
import {BUILTIN_TYPES} from './builtin-types.generated';
import type {CatalogueType} from './catalogue';
import type {BigIntMode, Codec, TypeParser} from './codec';
import {int8Codecs} from './int8-codec';
import {plainTextCodec, textOnlyCodec} from './string-codec';
import {DataTypeID} from './data-type-id.generated';

const INT8_OID: number = DataTypeID.int8;

export interface TypeRegistryOptions {
  /** How int8 and int8[] are read. Default `number`, which never rounds: what does not fit is an error. */
  readonly bigIntMode?: BigIntMode | undefined;
  /** Text parsers by OID. */
  readonly types?:
    | ReadonlyMap<number, TypeParser>
    | Readonly<Record<number, TypeParser | undefined>>
    | undefined;
}

/** What deriving a codec needs to know of a type. */
export type KnownType = Pick<
  CatalogueType,
  'name' | 'kind' | 'elementOid' | 'delimiter' | 'baseOid'
>;

const BUILTIN: ReadonlyMap<number, KnownType> = new Map(
  BUILTIN_TYPES.flatMap(([oid, name, arrayOid, delimiter, , kind]): [number, KnownType][] => {
    const scalar: KnownType = {name, kind, elementOid: 0, delimiter, baseOid: 0};
    if (arrayOid === 0) return [[oid, scalar]];
    return [
      [oid, scalar],
      [arrayOid, {name: `_${name}`, kind: 'b', elementOid: oid, delimiter, baseOid: 0}],
    ];
  }),
);

/** From the OID of a built-in type to that of its array. */
const BUILTIN_ARRAYS: ReadonlyMap<number, number> = new Map(
  BUILTIN_TYPES.map(([oid, , arrayOid]) => [oid, arrayOid]),
);

/** Every built-in type and array type: what `codecOf` knows from the start. */
export const BUILTIN_TYPE_OIDS: readonly number[] = [...BUILTIN.keys()];

const asText: TypeParser = (text) => text;

export class TypeRegistry {
  readonly #int8: Codec;
  readonly #parsers = new Map<number, TypeParser>();
  readonly #described = new Map<number, KnownType>();
  /** Derived codecs; emptied by every change. */
  readonly #codecs = new Map<number, Codec>();
  #version = 0;

  /** @throws {ConfigurationError} If `bigIntMode` is none of its three values. */
  constructor(options: TypeRegistryOptions = {}) {
    const mode = options.bigIntMode ?? 'number';
    if (!Object.hasOwn(int8Codecs, mode)) {
      throw new ConfigurationError(
        `bigIntMode must be 'number', 'string' or 'bigint', not ${JSON.stringify(mode)}`,
      );
    }
    this.#int8 = int8Codecs[mode];
    const {types = {}} = options;
    const entries = nodeTypes.isMap(types)
      ? [...types.entries()]
      : Object.entries(types).map(([oid, parser]) => [Number(oid), parser] as const);
    for (const [oid, parser] of entries) if (parser !== undefined) this.#parsers.set(oid, parser);
  }

  /** Differs after every change that can change what `codecOf` answers. */
  get version(): number {
    return this.#version;
  }

  /** How values of this type are read, or undefined if it is not built in and not described yet. */
  codecOf(typeOid: number): Codec | undefined {
    const known = this.#codecs.get(typeOid);
    if (known !== undefined) return known;
    const codec = this.#derive(typeOid, new Set());
    if (codec !== undefined) this.#codecs.set(typeOid, codec);
    return codec;
  }

  /** What is known of a type that is built in or described. */
  typeOf(typeOid: number): KnownType | undefined {
    return BUILTIN.get(typeOid) ?? this.#described.get(typeOid);
  }

  /**
   * Reads values of this type, and the elements of its arrays, with `parser` from now on. Gives back `parser`.
   * The server is asked for text, so the parser sees what psql would print.
   */
  setTypeParser(typeOid: number, parser: TypeParser): TypeParser {
    this.#parsers.set(typeOid, parser);
    this.#changed();
    return parser;
  }

  /** The parser of the text form: the program's own, else the built-in one, else one that leaves the text as it is. */
  getTypeParser(typeOid: number): TypeParser {
    return this.codecOf(typeOid)?.decodeText ?? asText;
  }

  /**
   * The built-in type by whose rules an array is written for a parameter of this type: of a domain its base, of
   * an array of domains the array of that. Undefined if it is not built in and not described yet.
   */
  parameterTypeOf(typeOid: number): number | undefined {
    return this.#parameterTypeOf(typeOid, new Set());
  }

  #parameterTypeOf(oid: number, under: Set<number>): number | undefined {
    const type = BUILTIN.get(oid) ?? this.#described.get(oid);
    if (type === undefined) return undefined;
    const inner = type.baseOid === 0 ? type.elementOid : type.baseOid;
    if (inner === 0 || under.has(oid)) return oid;
    const innerType = this.#parameterTypeOf(inner, under.add(oid));
    if (innerType === undefined || type.baseOid !== 0) return innerType;
    return BUILTIN_ARRAYS.get(innerType) ?? oid;
  }

  /** Takes rows of CATALOGUE_QUERY. What is built in stays as it is. */
  describe(rows: readonly CatalogueType[]): void {
    for (const row of rows) this.#described.set(row.oid, row);
    this.#changed();
  }

  #changed(): void {
    this.#codecs.clear();
    this.#version++;
  }

  // `under` holds the types being derived: a catalogue that makes a type its own element must not hang us.
  #derive(oid: number, under: Set<number>): Codec | undefined {
    // BUILTIN first: what a server says of a built-in OID changes nothing.
    const type = BUILTIN.get(oid) ?? this.#described.get(oid);
    const parser = this.#parsers.get(oid);
    if (parser !== undefined) return {name: type?.name ?? String(oid), decodeText: parser};
    if (oid === INT8_OID) return this.#int8;
    const builtin = BUILTIN_CODECS.get(oid);
    if (builtin !== undefined) return builtin;
    if (type === undefined) return undefined;
    const inner = type.elementOid === 0 ? type.baseOid : type.elementOid;
    if (inner === 0)
      return type.kind === 'e' ? plainTextCodec(type.name) : textOnlyCodec(type.name);
    if (under.has(oid)) return textOnlyCodec(type.name);
    const codec = this.#derive(inner, under.add(oid));
    if (codec === undefined) return undefined;
    return type.elementOid === 0 ? {...codec, name: type.name} : arrayCodec(type, codec);
  }
}

function arrayCodec(type: KnownType, element: Codec): Codec {
  const {decodeText: parseElement, decodeBinary} = element;
  const {name, delimiter} = type;
  const decodeText = (text: string): unknown[] => parseArray(text, parseElement, delimiter);
  if (decodeBinary === undefined) return {name, decodeText};
  return {name, decodeText, decodeBinary: arrayDecoder(name, decodeBinary)};
}
