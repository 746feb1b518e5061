/** What is tested. It takes the database as an argument, so a test can give it another one. */
import {sql} from '@databases/pg';

/** @param {import('@databases/pg').Queryable} db */
export async function addUser(db, email) {
  const [user] = await db.query(sql`INSERT INTO users (email) VALUES (${email}) RETURNING id`);
  return user.id;
}

/** @param {import('@databases/pg').Queryable} db */
export async function emails(db) {
  const users = await db.query(sql`SELECT email FROM users ORDER BY id`);
  return users.map(({email}) => email);
}
