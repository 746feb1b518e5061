/** Values of 1 MB, one by one on two connections: what copying and converting costs. */
import {only} from '../../peers/peer';
import {onEveryPeer} from '../statement-runner';
import {repeat} from '../workload';
import type {Implementations} from '../implementations';
import type {Workload} from '../workload';
import {ascii, bytes, unicode, valueBytes} from './values';

const setting = {poolSize: 2, inFlight: 2, server: 'memory'} as const;

function textOut(column: 'ascii' | 'unicode', expected: string): Implementations {
  return onEveryPeer((runner) => {
    const statement = runner.prepare<{value: unknown}>(
      column,
      `SELECT ${column} AS value FROM large_value`,
    );
    const read = async () => only(await statement([])).value;
    return {
      check: async () => {
        if ((await read()) !== expected) throw new Error(`${column} came changed`);
      },
      loop: () =>
        repeat(read, (value) => {
          // The last character too: a string may have been put together and not yet filled in.
          if (typeof value !== 'string' || value.length !== expected.length || !value.endsWith(' '))
            throw new Error(`${column} came as ${typeof value}`);
        }),
    };
  });
}

/** The server answers with the size; once, whether it is the value that it has itself. */
function sent(
  type: 'bytea' | 'text',
  column: 'bytes' | 'ascii' | 'unicode',
  value: Buffer | string,
) {
  return onEveryPeer((runner) => {
    const size = runner.prepare<{size: number}>('size', `SELECT octet_length($1::${type}) AS size`);
    const same = runner.prepare<{same: boolean; also: boolean}>(
      'same',
      `SELECT ${column} = $1::${type} AS same, md5(${column}) = md5($2::${type}) AS also FROM large_value`,
    );
    return {
      check: async () => {
        const answer = only(await same([value, value]));
        if (!answer.same || !answer.also) {
          throw new Error(`${column} arrived as something else`);
        }
      },
      loop: () =>
        repeat(
          () => size([value]),
          (rows) => {
            const answer = only(rows).size;
            if (answer !== valueBytes) throw new Error(`${answer} bytes arrived`);
          },
        ),
    };
  });
}

export const byteaOut: Workload = {
  ...setting,
  title: 'bytea of 1 MB, read, pool of 2, 2 in flight',
  implementations: onEveryPeer((runner) => {
    const statement = runner.prepare<{value: unknown}>(
      'bytes',
      'SELECT bytes AS value FROM large_value',
    );
    const read = async () => only(await statement([])).value;
    return {
      check: async () => {
        const value = await read();
        if (!Buffer.isBuffer(value) || !value.equals(bytes)) throw new Error('bytes came changed');
      },
      loop: () =>
        repeat(read, (value) => {
          if (
            !Buffer.isBuffer(value) ||
            value.length !== valueBytes ||
            value.at(-1) !== bytes.at(-1)
          )
            throw new Error(`bytes came as ${typeof value}`);
        }),
    };
  }),
};

export const byteaIn: Workload = {
  ...setting,
  title: 'bytea of 1 MB, sent as a parameter, pool of 2, 2 in flight',
  implementations: sent('bytea', 'bytes', bytes),
};

export const textOutAscii: Workload = {
  ...setting,
  title: 'text of 1 MB, ASCII, read, pool of 2, 2 in flight',
  implementations: textOut('ascii', ascii),
};

export const textOutUnicode: Workload = {
  ...setting,
  title: 'text of 1 MB, not ASCII, read, pool of 2, 2 in flight',
  implementations: textOut('unicode', unicode),
};

export const textInAscii: Workload = {
  ...setting,
  title: 'text of 1 MB, ASCII, sent as a parameter, pool of 2, 2 in flight',
  implementations: sent('text', 'ascii', ascii),
};

export const textInUnicode: Workload = {
  ...setting,
  title: 'text of 1 MB, not ASCII, sent as a parameter, pool of 2, 2 in flight',
  implementations: sent('text', 'unicode', unicode),
};
