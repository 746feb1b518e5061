import assert from 'node:assert/strict';
import {test} from 'node:test';
import {SilenceWatch} from './silence-watch';
import type {Verdict, Watched} from './silence-watch';

class Silent implements Watched {
  awaitsServer = true;
  inFlight = 1;
  heard = false;
  reason: Error | undefined;
  constructor(readonly watch: () => SilenceWatch<Silent>) {}
  destroy(reason: Error): void {
    this.reason = reason;
    this.watch().delete(this);
  }
}

/** A watch with a limit of 8 ticks, whose questions are answered at once by `verdict`. */
function watching(verdict: () => Verdict | undefined) {
  let tick: (() => void) | undefined;
  let asked = 0;
  let ticks = 0;
  const watch: SilenceWatch<Silent> = new SilenceWatch<Silent>({
    limitMilliseconds: 800,
    ask: (silent, tell) => {
      asked++;
      const answer = verdict();
      if (answer !== undefined) for (const connection of silent) tell(connection, answer);
    },
    every: (_, fn) => {
      tick = fn;
      return () => (tick = undefined);
    },
  });
  const connection = new Silent(() => watch);
  watch.add(connection);
  return {
    connection,
    watch,
    asked: () => asked,
    isTicking: () => tick !== undefined,
    /** How many ticks it took until it was destroyed; undefined: it was not. */
    run: (most: number): number | undefined => {
      for (let i = 0; i < most; i++) {
        tick?.();
        ticks++;
        if (connection.reason !== undefined) return ticks;
      }
      return undefined;
    },
  };
}

test('nobody is asked before the limit, nor of a connection that no answer is due on', () => {
  const {connection, asked, run} = watching(() => 'unreachable');
  assert.equal(run(7), undefined);
  assert.equal(asked(), 0);
  connection.heard = true;
  assert.equal(run(7), undefined);
  connection.awaitsServer = false;
  assert.equal(run(100), undefined);
  assert.equal(asked(), 0);
});

test('what cannot be reached, or waits for us, is ended a limit after the first question', () => {
  for (const [verdict, told] of [
    ['unreachable', /cannot be reached/],
    ['waiting', /was lost on the way/],
    [undefined, /cannot be reached/],
  ] as const) {
    const {connection, isTicking, run} = watching(() => verdict);
    assert.equal(run(100), 16, verdict);
    assert.match(connection.reason?.message ?? '', told);
    assert.equal(isTicking(), false);
  }
});

test('what has ended on the server is ended when that was said twice', () => {
  const {connection, asked, run} = watching(() => 'gone');
  const ticks = run(100);
  assert.ok(ticks !== undefined && ticks > 8 && ticks < 16, `${ticks}`);
  assert.equal(asked(), 2);
  assert.match(connection.reason?.message ?? '', /the session has ended/);
});

test('while nothing is in flight nothing ticks, and what is sent then is watched as ever', () => {
  const {connection, watch, isTicking, run} = watching(() => 'unreachable');
  connection.awaitsServer = false;
  run(1);
  assert.ok(isTicking(), 'its answer is not read at the moment');
  connection.inFlight = 0;
  run(1);
  assert.equal(isTicking(), false);
  connection.awaitsServer = true;
  connection.inFlight = 1;
  watch.wake();
  watch.wake();
  assert.equal(run(100), 18, 'two ticks before, and a limit twice');
});

test('what works is never ended, and is asked about ever more seldom', () => {
  for (const verdict of ['working', 'unclear'] as const) {
    const {asked, run} = watching(() => verdict);
    assert.equal(run(10_000), undefined);
    assert.ok(asked() >= 10 && asked() < 40, `${asked()}`);
  }
});

test('an answer that comes when something was heard says nothing', () => {
  let tellLater: (() => void) | undefined;
  let tick: (() => void) | undefined;
  const watch: SilenceWatch<Silent> = new SilenceWatch<Silent>({
    limitMilliseconds: 800,
    ask: (silent, tell) => {
      tellLater = () => silent.forEach((connection) => tell(connection, 'gone'));
    },
    every: (_, fn) => {
      tick = fn;
      return () => undefined;
    },
  });
  const connection = new Silent(() => watch);
  watch.add(connection);
  for (let i = 0; i < 8; i++) tick?.();
  connection.heard = true;
  tellLater?.();
  tellLater?.();
  assert.equal(connection.reason, undefined);
});
