/** The floor (floor/connection.ts): its connections used in turn. */
import {openFloor} from '../../floor/connections';
import {FloorStatement} from '../../floor/statement';
import type {SessionOptions} from '../../peers/peer';
import type {StatementRunner} from './statement-runner';

export async function openRunner({url, poolSize}: SessionOptions): Promise<StatementRunner> {
  const connections = await openFloor(url, poolSize);
  return {
    prepare: <Row>(name: string, text: string) => {
      const statement = new FloorStatement<Row>(name, text);
      return (values: readonly unknown[]) => statement.run(connections.next(), values);
    },
    close: () => connections.close(),
  };
}
