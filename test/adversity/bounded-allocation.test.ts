/** Promise 4: what a header announces is not allocated, and what it announces too much of is not read. */
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {resolve} from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';
import {described, honest, ready} from './hostile/frames';
import {frame, header, int32} from '../support/frames';
import {listen} from '../support/ports';

const SENT_BYTES = 600_000_000;
const program = resolve(__dirname, 'hostile/allocation.process.js');

for (const [what, bytes] of [
  ['of 0x7fffffff bytes', header('D', 0x7fffffff)],
  ['of one byte more than Postgres allocates', header('D', 0x4000_0000)],
] as const) {
  test(`4. bounded allocation: a header ${what} and 600 MB are refused at the header`, async (context) => {
    let queries = 0;
    await using server = await listen((socket) => {
      let started = false;
      socket.on('data', (sent: Buffer) => {
        if (sent.length === 8 && !started) return void socket.write('N');
        if (!started) {
          started = true;
          return void socket.write(Buffer.concat([frame('R', int32(0)), ready]));
        }
        if (!sent.includes('SELECT')) return;
        if (queries++ === 0) return void socket.write(honest('before'));
        socket.write(Buffer.concat([described, bytes]));
        const chunk = Buffer.alloc(1_000_000);
        let left = SENT_BYTES;
        const more = (): void => {
          while (left > 0 && !socket.destroyed) {
            left -= chunk.length;
            if (!socket.write(chunk)) return void socket.once('drain', more);
          }
        };
        more();
      });
    });
    const {stdout} = await promisify(execFile)(process.execPath, [program, String(server.port)], {
      timeout: 20_000,
    });
    const {error, milliseconds, grownBytes} = JSON.parse(stdout);
    context.diagnostic(
      `refused in ${Number(milliseconds).toFixed(1)} ms, RSS +${(Number(grownBytes) / 1e6).toFixed(1)} MB`,
    );
    assert.equal(error, 'ProtocolError');
    assert.ok(milliseconds < 1100, `${milliseconds} ms`);
    assert.ok(grownBytes < 64_000_000, `${grownBytes} bytes`);
  });
}
