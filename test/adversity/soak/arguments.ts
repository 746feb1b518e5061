/** What `npm run soak` was asked to do: the command line, read and checked. */
import {parseArgs} from 'node:util';

export const USAGE = `npm run soak -- 10m                 random work and random faults for ten minutes (or 90s, 2h)
npm run soak -- 10m --seed 123      the choices of an earlier run
npm run soak -- 10m --version 15    on Postgres 15 (default 18)
npm run soak -- 10m --workers 40    so many at a time (default 20)
npm run soak -- 10m --no-silence    without connections that stay open and go silent`;

const UNITS = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

export interface SoakArguments {
  readonly milliseconds: number;
  readonly seed: number;
  readonly version: string;
  readonly workers: number;
  readonly silence: boolean;
}

/** @throws {Error} for what it does not know. */
export function readSoakArguments(argv: readonly string[], randomSeed: number): SoakArguments {
  const {values, positionals} = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      seed: {type: 'string', default: String(randomSeed)},
      version: {type: 'string', default: '18'},
      workers: {type: 'string', default: '20'},
      'no-silence': {type: 'boolean', default: false},
    },
  });
  const [duration = '10m', ...rest] = positionals;
  if (rest.length > 0) throw new Error(`${rest.join(' ')}: one duration is enough.`);
  return {
    milliseconds: readDuration(duration),
    seed: readCount('--seed', values.seed),
    version: values.version,
    workers: readCount('--workers', values.workers),
    silence: !values['no-silence'],
  };
}

function readDuration(text: string): number {
  const [, count, unit] = /^(\d+)([smh])$/.exec(text) ?? [];
  const factor = UNITS.get(unit ?? '');
  if (count === undefined || factor === undefined) {
    throw new Error(`${text}: a duration is a number with s, m or h, for example 10m.`);
  }
  return Number(count) * factor;
}

function readCount(name: string, text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`${name} ${text}: not a whole number.`);
  return Number(text);
}
