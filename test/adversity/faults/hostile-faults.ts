/** Faults of servers that do not keep to the protocol, or use it against the client. */
import {setTimeout as delay} from 'node:timers/promises';
import {once} from 'node:events';
import {frame, int16, int32} from '../../support/frames';
import {bound, complete, field, parsed, ready} from '../hostile/frames';
import {startFakeServer} from '../rig/fake-server';
import type {Fault} from './fault';
import {describe, isOk, nameOf, within} from './outcome';
import {PASSWORD, askHostile, rejects, startCostlyServer} from './scripted';

const MEBIBYTE = 1024 * 1024;

/** Of type text. */
const column = field('n');

export const HOSTILE_FAULTS: readonly Fault[] = [
  {
    name: 'length-2-gib',
    promise: 4,
    title: 'A message says that it is 2 GiB long, and 600 MB follow',
    boundSeconds: 30,
    async run(client) {
      const before = process.memoryUsage.rss();
      let [most, sent] = [before, 0];
      const outcome = await askHostile(
        client,
        (_answer, _backend, socket) => {
          const chunk = Buffer.alloc(MEBIBYTE);
          const pour = async (): Promise<void> => {
            for (; sent < 600 && !socket.destroyed; sent++) {
              if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), delay(1000)]);
              most = Math.max(most, process.memoryUsage.rss());
            }
          };
          setImmediate(() => void pour().catch(() => undefined));
          return Buffer.concat([Buffer.from('D'), int32(0x7fffffff)]);
        },
        rejects,
        8000,
      );
      const grown = Math.round((most - before) / MEBIBYTE);
      return {kept: outcome.kept && grown < 64, figure: `${outcome.figure}, RSS +${grown} MiB`};
    },
  },
  {
    name: 'length-0',
    promise: 3,
    title: 'A message says that it is 0 bytes long',
    boundSeconds: 10,
    run: (client) => askHostile(client, () => Buffer.concat([Buffer.from('D'), int32(0)]), rejects),
  },
  {
    name: 'unterminated-error',
    promise: 3,
    title: 'An ErrorResponse without an end',
    boundSeconds: 10,
    run: (client) => askHostile(client, () => frame('E', 'SERROR\0CXX000\0Mno end'), rejects),
  },
  {
    name: 'columns-65535',
    promise: 3,
    title: 'A RowDescription of 65,535 columns with one in it',
    boundSeconds: 10,
    run: (client) =>
      askHostile(client, () => Buffer.concat([parsed, frame('T', int16(65_535), column)]), rejects),
  },
  {
    name: 'column-past-frame',
    promise: 3,
    title: 'A column that is longer than its message',
    boundSeconds: 10,
    run: (client) =>
      askHostile(
        client,
        (answer) => {
          const row = answer.lastIndexOf(frame('D', int16(1), int32(1), '1'));
          const body = Buffer.concat([int16(1), int32(14), Buffer.from('1')]);
          const rest = Buffer.concat([complete, ready]);
          if (row >= 0) return Buffer.concat([answer.subarray(0, row), frame('D', body), rest]);
          // Only described so far: what comes for the execution stands in one message.
          return Buffer.concat([
            parsed,
            frame('T', int16(1), column),
            bound,
            frame('D', body),
            rest,
          ]);
        },
        (settled) => ({
          ...rejects(settled),
          ...(isOk(settled) && {figure: 'other bytes given as data'}),
        }),
      ),
  },
  {
    name: 'password-after-login',
    promise: 11,
    title: 'A logged-in session is asked for the password in the clear',
    boundSeconds: 10,
    run: (client) =>
      askHostile(
        client,
        () => frame('R', int32(3)),
        (settled, {backends}) => {
          const isSent = backends.some(({received}) =>
            received.some(
              (each) => each.kind === 'PasswordMessage' && each.body.includes(PASSWORD),
            ),
          );
          return {
            kept: !isSent && !isOk(settled),
            figure: `${isSent ? 'password sent' : 'nothing sent'}, query ${describe(settled)}`,
          };
        },
        2000,
      ),
  },
  {
    name: 'scram-10m',
    promise: 13,
    title: 'SCRAM with 10,000,000 iterations',
    boundSeconds: 30,
    async run(client) {
      let [longest, last] = [0, performance.now()];
      // What is loaded to connect at all is not counted.
      const server = await startCostlyServer(10_000_000, () => {
        [longest, last] = [0, performance.now()];
      });
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 5);
      const settled = await within(
        20_000,
        client.open({url: server.url, max: 1}).query('SELECT 1'),
      );
      clearInterval(timer);
      longest = Math.max(longest, performance.now() - last);
      return {
        kept: !isOk(settled) && settled !== 'pending' && longest < 1000,
        figure: `${describe(settled)}, event loop blocked ${Math.round(longest)} ms`,
      };
    },
  },
  {
    name: 'nul-in-user',
    promise: 16,
    title: 'A user name with NUL in it: `x\\0search_path\\0evil`',
    boundSeconds: 10,
    async run(client) {
      const server = await startFakeServer({
        script: {query: () => ({columns: ['n'], rows: [['1']]})},
      });
      const url = server.connectionString.replace('fake@', 'x%00search_path%00evil@');
      let figure: string;
      try {
        figure = describe(await within(3000, client.open({url, max: 1}).query('SELECT 1')));
      } catch (error) {
        figure = nameOf(error);
      }
      const isInjected = server.backends.some(({received}) =>
        received.some(
          (each) =>
            each.kind === 'StartupMessage' &&
            each.parameters.some(([name]) => name === 'search_path'),
        ),
      );
      return {
        kept: server.accepted === 0,
        figure: isInjected
          ? 'search_path injected'
          : `${figure}, ${server.accepted} connections made`,
      };
    },
  },
];
