/** jsonb documents: 500 rows of one out, one in. Both sides parse and print JSON, whoever the client is. */
import {isDeepStrictEqual} from 'node:util';
import {only} from '../../peers/peer';
import {onEveryPeer} from '../statement-runner';
import {repeat} from '../workload';
import type {Workload} from '../workload';
import {documentCount, largeDocument, smallDocument} from './documents';

const setting = {poolSize: 4, inFlight: 4, server: 'memory'} as const;

function idOf(document: unknown): unknown {
  return typeof document === 'object' && document !== null && 'id' in document
    ? document.id
    : undefined;
}

function checkIds(rows: readonly {readonly document: unknown}[]): void {
  if (rows.length !== documentCount) throw new Error(`${rows.length} documents came`);
  for (const [index, {document}] of rows.entries()) {
    if (idOf(document) !== index + 1) throw new Error(`document ${index + 1} came as another`);
  }
}

function out(column: 'small' | 'large', expected: (id: number) => object) {
  return onEveryPeer((runner) => {
    const statement = runner.prepare<{document: unknown}>(
      column,
      `SELECT ${column} AS document FROM document ORDER BY id`,
    );
    return {
      check: async () => {
        const rows = await statement([]);
        checkIds(rows);
        for (const [index, {document}] of rows.entries()) {
          if (!isDeepStrictEqual(document, expected(index + 1))) {
            throw new Error(`document ${index + 1} came as ${JSON.stringify(document)}`);
          }
        }
      },
      loop: () => repeat(() => statement([]), checkIds),
    };
  });
}

export const jsonbOutSmall: Workload = {
  ...setting,
  title: '500 jsonb documents of 200 bytes, read, pool of 4, 4 in flight',
  implementations: out('small', smallDocument),
};

export const jsonbOutLarge: Workload = {
  ...setting,
  title: '500 jsonb documents of 2 KB, read, pool of 4, 4 in flight',
  implementations: out('large', largeDocument),
};

export const jsonbIn: Workload = {
  ...setting,
  title: 'one jsonb document of 2 KB, sent as a parameter, pool of 4, 4 in flight',
  implementations: onEveryPeer((runner) => {
    const read = runner.prepare<{id: number}>('read', `SELECT ($1::jsonb ->> 'id')::int AS id`);
    const same = runner.prepare<{same: boolean}>(
      'same',
      'SELECT large = $1::jsonb AS same FROM document WHERE id = $2::int',
    );
    return {
      check: async () => {
        for (const id of [1, documentCount]) {
          const {same: isSame} = only(await same([largeDocument(id), id]));
          if (!isSame) throw new Error(`document ${id} arrived as something else`);
        }
      },
      loop: (slot) => {
        const document = largeDocument(slot + 1);
        return repeat(
          () => read([document]),
          (rows) => {
            if (only(rows).id !== slot + 1) throw new Error('a document arrived as another');
          },
        );
      },
    };
  }),
};
