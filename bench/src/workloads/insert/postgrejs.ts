/** `postgrejs` 2.23.1, which has no COPY: one array per column and batch. */
import type {SessionOptions} from '../../peers/peer';
import {batches, columnsOf} from './columns';
import type {InsertItem, InsertProgram} from './program';

const text = `INSERT INTO insert_item
  SELECT * FROM unnest($1::int[], $2::text[], $3::float8[], $4::timestamptz[], $5::bool[])`;

export async function open({url}: SessionOptions): Promise<InsertProgram> {
  const {Connection, BindParam, DataTypeOIDs} = await import('peer-postgrejs');
  const {
    _int4: int4s,
    _text: texts,
    _float8: float8s,
    _timestamptz: instants,
    _bool: bools,
  } = DataTypeOIDs;
  const connection = new Connection(url);
  await connection.connect();
  return {
    empty: () => connection.query('TRUNCATE insert_item'),
    insert: async (items: readonly InsertItem[]) => {
      await connection.startTransaction();
      try {
        let count = 0;
        for (const batch of batches(items)) {
          const {ids, names, scores, times, actives} = columnsOf(batch);
          const params = [
            new BindParam(int4s, ids),
            new BindParam(texts, names),
            new BindParam(float8s, scores),
            new BindParam(instants, times),
            new BindParam(bools, actives),
          ];
          const {rowsAffected} = await connection.query(text, {params});
          count += rowsAffected ?? 0;
        }
        await connection.commit();
        return count;
      } catch (error) {
        await connection.rollback();
        throw error;
      }
    },
    close: () => connection.close(),
  };
}
