/** What is read after thousands of rows, by code generated for them, is what the server says it is. */
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {sql} from '@databases/pg';
import {useDatabase} from './support/database';

const database = useDatabase();

interface Spelled {
  readonly number: number;
  readonly spelled: string;
  readonly key: string;
  readonly key_spelled: string;
  readonly repeated: string | null;
  readonly repeated_spelled: string | null;
  readonly ratio: number | null;
  readonly ratio_spelled: string | null;
  readonly at: Date;
  readonly milliseconds: string;
  readonly document: unknown;
  readonly document_spelled: string;
}

/** Each value and, beside it, the same spelled by the server in another type. */
const query = sql`
  SELECT n AS number, n::text || '' AS spelled,
    md5(n::text)::uuid AS key, md5(n::text)::uuid::text AS key_spelled,
    CASE WHEN n % 5 <> 0 THEN repeat('é–x', n % 9) || 'one of few ' || n % 9 END AS repeated,
    CASE WHEN n % 5 <> 0
      THEN encode(convert_to(repeat('é–x', n % 9) || 'one of few ' || n % 9, 'UTF8'), 'hex')
    END AS repeated_spelled,
    CASE WHEN n % 7 <> 0 THEN n / 7.0::float8 END AS ratio,
    CASE WHEN n % 7 <> 0 THEN (n / 7.0::float8)::text END AS ratio_spelled,
    'epoch'::timestamptz + n * interval '1 hour 1.5 second' AS at,
    floor(extract(epoch FROM n * interval '1 hour 1.5 second') * 1000)::text AS milliseconds,
    document, document::text AS document_spelled
  FROM generate_series(-3000, 3000) n, LATERAL (
    SELECT jsonb_strip_nulls(jsonb_build_object(
      'id', n, 'name', 'the name of ' || n % 20, 'list', array[n, n % 3], 'ratio', n / 8.0,
      'maybe', CASE WHEN n % 3 = 0 THEN jsonb_build_object('of', n % 4, 'text', 'ü"' || n) END
    )) AS document
  ) documents`;

test('values of thousands of rows are what the server spells them as', async () => {
  for (let time = 0; time < 3; time++) {
    const rows: Spelled[] = await database.db.query(query);
    assert.equal(rows.length, 6001);
    for (const row of rows) {
      assert.equal(String(row.number), row.spelled);
      assert.equal(row.key, row.key_spelled);
      const hex = row.repeated === null ? null : Buffer.from(row.repeated).toString('hex');
      assert.equal(hex, row.repeated_spelled);
      const ratio = row.ratio_spelled === null ? null : Number(row.ratio_spelled);
      assert.equal(row.ratio, ratio);
      assert.equal(row.at.getTime(), Number(row.milliseconds));
      assert.deepEqual(row.document, JSON.parse(row.document_spelled));
    }
  }
});
