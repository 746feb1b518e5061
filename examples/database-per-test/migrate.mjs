/** Brings a database up to date. Runs once before the tests; what they get are copies of the result. */
import db, {sql} from './database.mjs';

await db.query(sql`
  CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email TEXT NOT NULL UNIQUE);
  INSERT INTO users (email) VALUES ('ada@example.com');
`);
await db.dispose();
