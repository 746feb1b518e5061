/**
 * What it costs to read the answer of workload `rows`, without server, socket and promises: its bytes go
 * through a session in chunks of 64 KiB, as they come from a socket.
 *
 *     node bench/dist/micro/decode.js                             CPU µs for 1000 rows
 *     node bench/dist/micro/decode.js --against ../other/worktree the same there and here, in turns
 *
 * For comparing two states of the decoders: CPU time of fresh processes, in pairs. It says nothing about peers.
 */
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {PreparedStatements} from '../../../packages/pg/dist/connection/statements/prepared-statements';
import {Session} from '../../../packages/pg/dist/connection/session/session';
import {Statement} from '../../../packages/pg/dist/connection/statements/statement';
import {Step} from '../../../packages/pg/dist/connection/exchanges/step';
import {ExtendedQuery} from '../../../packages/pg/dist/connection/exchanges/extended-query';
import {ByteWriter, FrameDecoder} from '../../../packages/pg/dist/protocol';
import {TypeRegistry} from '../../../packages/pg/dist/types';
import {rowCount, wideAnswer, wideDescription} from './wide-answer';

const chunkBytes = 65_536;
const pairs = 7;
const warmUps = 150;
const samples = 40;
const answersPerSample = 20;

function nothing(): void {}

class Answered extends ExtendedQuery {
  ended(): void {}
  lost(error: Error): void {
    throw error;
  }
}

function decoder(): () => void {
  const registry = new TypeRegistry();
  const writer = new ByteWriter();
  const session = new Session(writer, new FrameDecoder(), new PreparedStatements(10), new Map(), {
    exchangeEnded: nothing,
    wrote: nothing,
    notice: nothing,
    notification: nothing,
  });
  const statement = new Statement('SELECT * FROM wide_item');
  statement.lastUse = 1;
  const answer = (executes: boolean, bytes: Buffer) => {
    const step = new Step(statement, [], executes);
    session.send(new Answered([step], registry));
    writer.take();
    for (let start = 0; start < bytes.length; start += chunkBytes) {
      session.receive(bytes, start, Math.min(bytes.length, start + chunkBytes));
    }
    if (step.unreadable !== undefined) throw step.unreadable;
    return step.rows.length;
  };
  answer(false, wideDescription());
  const bytes = wideAnswer();
  return () => {
    if (answer(true, bytes) !== rowCount) throw new Error('rows are missing');
  };
}

/** CPU µs for one answer: the median of samples. */
function measure(): number {
  const decode = decoder();
  for (let count = 0; count < warmUps; count++) decode();
  const microseconds = Array.from({length: samples}, () => {
    const before = process.cpuUsage();
    for (let count = 0; count < answersPerSample; count++) decode();
    const {user, system} = process.cpuUsage(before);
    return (user + system) / answersPerSample;
  });
  return median(microseconds);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function measureIn(worktree: string): number {
  const script = join(worktree, 'bench/dist/micro/decode.js');
  return Number(execFileSync(process.execPath, [script], {encoding: 'utf8'}));
}

function compare(there: string, here: string): string {
  const rounds = Array.from({length: pairs}, (_, round) => {
    const first = measureIn(round % 2 === 0 ? there : here);
    const second = measureIn(round % 2 === 0 ? here : there);
    return round % 2 === 0 ? [first, second] : [second, first];
  });
  const ratios = rounds.map(([before = NaN, after = NaN]) => after / before);
  const of = (place: number) => median(rounds.map((round) => round[place] ?? NaN)).toFixed(0);
  const [least, greatest] = [Math.min(...ratios), Math.max(...ratios)];
  return `there ${of(0)} µs, here ${of(1)} µs: ${median(ratios).toFixed(2)} (${least.toFixed(2)}–${greatest.toFixed(2)})`;
}

const {against} = parseArgs({options: {against: {type: 'string'}}}).values;
console.log(
  against === undefined ? measure().toFixed(1) : compare(against, join(__dirname, '../../..')),
);
