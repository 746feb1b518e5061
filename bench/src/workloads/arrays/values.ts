/** The arrays, as the client makes them and as the table holds them. */
import type {ConnectionPool} from '@databases/pg';

/** int4[][][] of 10 x 10 x 10. */
export const cube: readonly (readonly (readonly number[])[])[] = range(10).map((x) =>
  range(10).map((y) => range(10).map((z) => x * 10_000 + y * 100 - z)),
);

/** text[] of 1000: every seventh is NULL, others have quotes, backslashes, commas, braces or are empty. */
export const words: readonly (string | null)[] = range(1000).map((index) => {
  switch (index % 7) {
    case 0:
      return null;
    case 1:
      return `"quoted ${index}"`;
    case 2:
      return `C:\\folder\\${index}`;
    case 3:
      return `one, {two}, ${index}`;
    case 4:
      return index % 3 === 0 ? '' : 'NULL';
    default:
      return `plain word ${index}`;
  }
});

function range(count: number): number[] {
  return Array.from({length: count}, (_, index) => index);
}

export async function createArrays(db: ConnectionPool): Promise<void> {
  await db.query(db.sql`CREATE TABLE array_value (cube int[][][], words text[])`);
  await db.query(db.sql`INSERT INTO array_value VALUES (${cube}, ${words})`);
}
