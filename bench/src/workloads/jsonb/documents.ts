/** The documents, as the client makes them and as the table holds them: about 200 bytes and about 2 KB. */
import type {ConnectionPool} from '@databases/pg';

export const documentCount = 500;

/** Keys in the order of jsonb: by length, then by bytes. So both sides give the same text. */
export function smallDocument(id: number): object {
  return {
    id,
    name: `document ${id}`,
    tags: ['new', 'on sale', `lot ${id % 17}`],
    price: id + 0.25,
    active: id % 2 === 0,
    owner: null,
    address: {city: 'Zürich', street: `Long street ${id}`, country: 'Switzerland'},
  };
}

export function largeDocument(id: number): object {
  const lines = Array.from({length: 16}, (_, index) => ({
    sku: `sku-${id}-${index}`,
    count: index + 1,
    price: index * 1.5,
    title: `The article number ${index}, "quoted", of some length`,
  }));
  return {...smallDocument(id), lines};
}

export async function createDocuments(db: ConnectionPool): Promise<void> {
  await db.query(db.sql`CREATE TABLE document (id int PRIMARY KEY, small jsonb, large jsonb)`);
  await db.tx(async (tx) => {
    for (let id = 1; id <= documentCount; id++) {
      await tx.query(
        db.sql`INSERT INTO document VALUES (${id}, ${smallDocument(id)}, ${largeDocument(id)})`,
      );
    }
  });
}
