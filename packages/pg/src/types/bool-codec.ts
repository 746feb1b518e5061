/** bool: `t` and `f` as text, one byte as binary. */
import {expectLength, malformed} from './codec';
import type {Codec} from './codec';

// boolout prints t and f only; the other spellings are for programs that call the parser on text of their own.
const TRUE = new Set(['t', 'true', 'TRUE', 'y', 'yes', 'on', '1']);
const FALSE = new Set(['f', 'false', 'FALSE', 'n', 'no', 'off', '0']);

export const boolCodec: Codec = {
  name: 'bool',
  decodeText: (text) => {
    if (TRUE.has(text)) return true;
    if (FALSE.has(text)) return false;
    throw malformed('bool', 'neither true nor false');
  },
  decodeBinary: (buffer, start, end) => {
    expectLength('bool', start, end, 1);
    return buffer.readUInt8(start) !== 0;
  },
  inline: {bytes: 1, value: 'view.getUint8(offset) !== 0'},
};
