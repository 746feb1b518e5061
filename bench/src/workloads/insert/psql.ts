/**
 * `psql`, which is no client of Node's: what its `\copy` takes for the same rows from a file is the floor.
 *
 * One `psql` runs for the whole workload, so neither its start nor its connecting is measured. Its own CPU time is
 * not that of the worker, which is what the table shows.
 */
import {once} from 'node:events';
import {spawn} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import type {SessionOptions} from '../../peers/peer';
import {median} from '../../statistics';
import {copyText} from './copy-text';
import type {InsertItem, InsertProgram} from './program';

const binaryRuns = 3;

export async function open({url}: SessionOptions): Promise<InsertProgram> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-insert-'));
  const textFile = join(folder, 'rows.txt');
  const psql = await startPsql(url);
  let isWritten = false;
  const copied = async (direction: string, file: string, format: string) => {
    const answer = await psql.ask(
      `\\copy insert_item ${direction} '${file}' WITH (FORMAT ${format})`,
    );
    const [, count] = /^COPY (\d+)$/m.exec(answer) ?? [];
    if (count === undefined) throw new Error(`psql said ${answer}`);
    return Number(count);
  };
  return {
    empty: () => psql.ask('TRUNCATE insert_item;'),
    insert: async (items: readonly InsertItem[]) => {
      // Once for all: a file is what `\copy` starts from.
      if (!isWritten) await writeFile(textFile, copyText(items));
      isWritten = true;
      return copied('FROM', textFile, 'text');
    },
    figures: async () => {
      const binaryFile = join(folder, 'rows.bin');
      await copied('TO', binaryFile, 'binary');
      const times: number[] = [];
      for (let run = 0; run < binaryRuns; run++) {
        const startedAt = performance.now();
        await psql.ask('TRUNCATE insert_item;');
        await copied('FROM', binaryFile, 'binary');
        times.push(performance.now() - startedAt);
      }
      return {binaryMilliseconds: median(times)};
    },
    close: async () => {
      await psql.end();
      await rm(folder, {recursive: true});
    },
  };
}

interface Psql {
  /** Gives what it wrote for one command. */
  ask(command: string): Promise<string>;
  end(): Promise<void>;
}

const endOfAnswer = '-- end of answer --';

async function startPsql(url: string): Promise<Psql> {
  const child = spawn('psql', ['--no-psqlrc', '--set=ON_ERROR_STOP=1', url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  await once(child, 'spawn').catch((cause: unknown) => {
    throw new Error('There is no psql here; leave out the peer psql with --peers.', {cause});
  });
  return {
    ask: async (command) => {
      child.stdin.write(`${command}\n\\echo ${endOfAnswer}\n`);
      let answer = '';
      // Not ended by leaving the loop: the next answer comes on the same stream.
      for await (const text of child.stdout.iterator({destroyOnReturn: false})) {
        answer += String(text);
        if (answer.includes(endOfAnswer)) return answer;
      }
      throw new Error(`psql ended instead of answering ${command}`);
    },
    end: async () => {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
