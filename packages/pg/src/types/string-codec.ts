/** Types that are read as strings: those whose binary form is their text, and those asked for as text. */
import type {Codec} from './codec';
import {RepeatedText} from './repeated-text';
import {readUtf8} from './utf8';

/** The text parser of those whose value is their text. */
export const asItIs = (text: string): string => text;

/** A type read as the text Postgres prints. */
export function textOnlyCodec(name: string): Codec {
  return {name, decodeText: asItIs};
}

/** A type whose binary form is its text (textsend, enum_send): either format gives the same string. */
export function plainTextCodec(name: string): Codec {
  return {
    name,
    decodeText: asItIs,
    decodeBinary: readUtf8,
    learn: () => {
      const texts = new RepeatedText();
      return (buffer, start, end) => texts.read(buffer, start, end);
    },
  };
}
