/** The service that writes: POST / stores an order. */
import {createServer} from 'node:http';
import db, {sql} from './database';
import {withSession} from './session';

const server = createServer(
  withSession(async () => {
    const [order] = await db.query(sql`INSERT INTO orders DEFAULT VALUES RETURNING id`);
    return order;
  }),
);
server.listen(Number(process.env['PORT'] ?? 8081), () =>
  console.log(JSON.stringify(server.address())),
);
process.once('SIGTERM', () => server.close(() => void db.dispose()));
