/** json and jsonb, parsed. jsonb_send puts one version byte in front of the same text. */
import {malformed} from './codec';
import type {Codec} from './codec';
import {JsonReader} from './json-reader';
import {readUtf8} from './utf8';

const JSONB_VERSION = 1;

/** The types whose parameters take a JavaScript array as one JSON document. */
export const JSON_OIDS: ReadonlySet<number> = new Set([114, 3802]);
/** json[] and jsonb[]: each element is one JSON document. */
export const JSON_ARRAY_OIDS: ReadonlySet<number> = new Set([199, 3807]);

function jsonParser(name: string): (text: string) => unknown {
  return (text) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // No cause: the message of the engine quotes the document.
      throw malformed(name, 'not JSON');
    }
  };
}

const parseJson = jsonParser('json');
const parseJsonb = jsonParser('jsonb');

function readJson(buffer: Buffer, start: number, end: number): unknown {
  return parseJson(readUtf8(buffer, start, end));
}

function readJsonb(buffer: Buffer, start: number, end: number): unknown {
  if (end === start || buffer[start] !== JSONB_VERSION) {
    throw malformed('jsonb', 'the version of its binary form is not 1');
  }
  return parseJsonb(readUtf8(buffer, start + 1, end));
}

export const jsonCodec: Codec = {
  name: 'json',
  decodeText: parseJson,
  decodeBinary: readJson,
  learn: () => {
    const reader = new JsonReader();
    return (buffer, start, end) => {
      const document = reader.read(buffer, start, end);
      return document === undefined ? readJson(buffer, start, end) : document;
    };
  },
};

export const jsonbCodec: Codec = {
  name: 'jsonb',
  decodeText: parseJsonb,
  decodeBinary: readJsonb,
  learn: () => {
    const reader = new JsonReader();
    return (buffer, start, end) => {
      const document =
        buffer[start] === JSONB_VERSION ? reader.read(buffer, start + 1, end) : undefined;
      return document === undefined ? readJsonb(buffer, start, end) : document;
    };
  },
};
