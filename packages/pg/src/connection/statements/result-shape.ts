/**
 * The columns of a statement's result and how to read them.
 *
 * A result is first read as text, because its columns are only known with the answer; from then on each
 * column is asked for in the format that its codec reads faster. Both give the same values.
 *
 * A shape belongs to one state of the type registry: `isCurrent` says when it has to be built anew.
 */
import {giveBytes} from '../../protocol';
import type {Column} from '../../protocol';
import {asItIs, readUtf8} from '../../types';
import type {Codec, TypeRegistry} from '../../types';
import type {ValueDecoder} from '../rows/row-decoder';
import {TunedDecoder} from '../rows/tuned-decoder';

const TEXT = 0;
const BINARY = 1;

/** Asking about fewer bytes costs what copying them does. */
const GIVEN_FROM_BYTES = 32_768;

export class ResultShape {
  readonly columns: readonly Column[];
  /** Format codes for Bind. Empty = all columns as text, which is the shortest way to say so. */
  readonly formats: readonly number[];
  /** OIDs that the registry cannot read yet: values of these columns come as text. */
  readonly unknownTypes: readonly number[];
  readonly #registry: TypeRegistry;
  readonly #version: number;
  readonly #codecs: readonly (Codec | undefined)[];
  #text: TunedDecoder | undefined;
  #mixed: TunedDecoder | undefined;

  constructor(columns: readonly Column[], registry: TypeRegistry) {
    this.#registry = registry;
    this.#version = registry.version;
    this.columns = columns;
    const codecs = columns.map((column) => registry.codecOf(column.typeOid));
    this.unknownTypes = columns
      .filter((_, index) => codecs[index] === undefined)
      .map((column) => column.typeOid);
    const formats = codecs.map((codec) => (codec?.decodeBinary === undefined ? TEXT : BINARY));
    this.formats = formats.includes(BINARY) ? formats : [];
    this.#codecs = codecs;
  }

  /** Reads rows that were asked for in `formats`. Made when asked for, as `text`: a statement may be run once only. */
  get mixed(): TunedDecoder {
    return (this.#mixed ??= this.formats.length === 0 ? this.text : this.#decoder(true));
  }

  /** Reads rows of which all columns are text. Made when asked for: most statements have one such answer, or none. */
  get text(): TunedDecoder {
    return (this.#text ??= this.#decoder(false));
  }

  isCurrent(registry: TypeRegistry): boolean {
    return this.#registry === registry && this.#version === registry.version;
  }

  #decoder(binary: boolean): TunedDecoder {
    return new TunedDecoder(
      this.columns.map(({name, typeOid}, index) => {
        const codec = this.#codecs[index];
        const decodeBinary = binary ? codec?.decodeBinary : undefined;
        return {
          name,
          typeName: codec?.name ?? `OID ${typeOid}`,
          decode:
            decodeBinary === undefined
              ? textDecoder(codec)
              : codec?.isBytes === true
                ? bytesDecoder(decodeBinary)
                : decodeBinary,
          inline: decodeBinary === undefined ? undefined : codec?.inline,
          learn: decodeBinary === undefined ? undefined : codec?.learn,
        };
      }),
    );
  }

  describes(columns: readonly Column[]): boolean {
    return (
      columns.length === this.columns.length &&
      columns.every((column, index) => {
        const own = this.columns[index];
        return own !== undefined && own.name === column.name && own.typeOid === column.typeOid;
      })
    );
  }
}

/** Large bytes are not copied where their memory can be given away. */
function bytesDecoder(copy: ValueDecoder): ValueDecoder {
  // Asked for once: behind an index it is a getter.
  const give = giveBytes;
  return (buffer, start, end) =>
    (end - start >= GIVEN_FROM_BYTES ? give(buffer, start, end) : undefined) ??
    copy(buffer, start, end);
}

function textDecoder(codec: Codec | undefined): ValueDecoder {
  // To have the text read as it is costs nothing on top of reading it.
  if (codec === undefined || codec.decodeText === asItIs) return readUtf8;
  const decodeText = codec.decodeText;
  // Asked for once: behind an index it is a getter.
  const read = readUtf8;
  return (buffer, start, end) => decodeText(read(buffer, start, end));
}
