/** The service that reads, from replicas where it may: GET /5 gives order 5, or null. */
import {createServer} from 'node:http';
import db, {sql} from './database';
import {withSession} from './session';

const server = createServer(
  withSession(async ({url = '/'}) => {
    const [row] = await db.query(sql`SELECT id FROM orders WHERE id = ${Number(url.slice(1))}`);
    return row;
  }),
);
server.listen(Number(process.env['PORT'] ?? 8082), () =>
  console.log(JSON.stringify(server.address())),
);
process.once('SIGTERM', () => server.close(() => void db.dispose()));
