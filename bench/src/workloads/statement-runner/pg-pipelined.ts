/** `pg` 8.23.1 with `pipeline: true`, its clients used in turn (peers/pg-pipelined.ts says why). */
import {Client} from 'peer-pg';
import type {SessionOptions} from '../../peers/peer';
import type {StatementRunner} from './statement-runner';

export async function openRunner({url, poolSize}: SessionOptions): Promise<StatementRunner> {
  const clients = Array.from(
    {length: poolSize},
    () => new Client({connectionString: url, pipeline: true}),
  );
  await Promise.all(clients.map((client) => client.connect()));
  let turn = 0;
  const next = (): Client => {
    const client = clients[turn++ % clients.length];
    if (client === undefined) throw new Error('a pool of no clients');
    return client;
  };
  return {
    prepare:
      <Row>(name: string, text: string) =>
      async (values: readonly unknown[]) =>
        (await next().query<Row>({name, text, values})).rows,
    close: async () => {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}
