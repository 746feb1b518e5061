import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {plotSvg} from './plot';
import type {Bar} from './plot';

function plotOf(...bars: readonly Bar[]): string {
  return plotSvg({title: 'A plot', notes: [], groups: [{label: 'point', remark: '', bars}]});
}

interface Drawn {
  readonly left: number;
  readonly right: number;
}

function drawn(svg: string): Drawn[] {
  return [...svg.matchAll(/<rect [^>]* x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, x, width]) => ({left: Number(x), right: Number(x) + Number(width)}),
  );
}

/** Where ours and the peer are even. */
function evenLine(svg: string): number {
  return Number(/class="even" x1="([\d.]+)"/.exec(svg)?.[1]);
}

function only(svg: string): Drawn {
  const [bar] = drawn(svg);
  assert.ok(bar);
  return bar;
}

const close = (a: number, b: number) => Math.abs(a - b) <= 0.3;

test('a bar starts where both are even, and twice goes as far to the right as half to the left', () => {
  const svg = plotOf({ratio: 2, label: 'a', series: 0}, {ratio: 1 / 2, label: 'b', series: 1});
  const [twice, half] = drawn(svg);
  assert.ok(twice && half);
  const even = evenLine(svg);
  assert.ok(close(twice.left, even) && close(half.right, even));
  assert.ok(close(twice.right - even, even - half.left));
});

test('the scale is logarithmic: each doubling is as wide as the one before', () => {
  const svg = plotOf(...[2, 4, 8].map((ratio) => ({ratio, label: 'a', series: 0})));
  const [two, four, eight] = drawn(svg).map(({right}) => right - evenLine(svg));
  assert.ok(two !== undefined && four !== undefined && eight !== undefined);
  assert.ok(close(four, 2 * two) && close(eight, 3 * two));
});

test('the figure beside a bar is the true one, also where the bar is cut', () => {
  const svg = plotOf(
    {ratio: 250, label: 'far', series: 0},
    {ratio: 0.01, label: 'near', series: 0},
  );
  assert.ok(svg.includes('250 × far (bar cut)'));
  assert.ok(svg.includes('0.01 × near (bar cut)'));
  assert.ok(plotOf({ratio: 1.304, label: 'a', series: 0}).includes('>1.30 × a<'));
});

test('every bar lies inside the picture and leaves room for its figure', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({min: 1e-3, max: 1e4, noNaN: true}), {minLength: 1, maxLength: 8}),
      (ratios) => {
        const svg = plotOf(...ratios.map((ratio) => ({ratio, label: 'a', series: 0})));
        const bars = drawn(svg);
        assert.equal(bars.length, ratios.length);
        for (const {left, right} of bars) assert.ok(left >= 160 && right <= 610);
      },
    ),
  );
});

test('groups stand under each other and the picture is as high as they need', () => {
  const bar = {ratio: 2, label: 'a', series: 0};
  const groups = [1, 2, 3].map((count) => ({
    label: `${count}`,
    remark: 'remark',
    bars: Array.from({length: count}, () => bar),
  }));
  const svg = plotSvg({title: 'A plot', notes: ['a note'], groups});
  const tops = [...svg.matchAll(/<rect [^>]* y="([\d.]+)"/g)].map(([, y]) => Number(y));
  assert.deepEqual(
    tops,
    tops.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(tops).size, 6);
  const height = Number(/height="(\d+)"/.exec(svg)?.[1]);
  assert.ok(Math.max(...tops) + 11 < height);
});

test('what the peers are called is text, whatever it contains', () => {
  const svg = plotOf({ratio: 1, label: '<b> & "c"', series: 0});
  assert.ok(svg.includes('&lt;b&gt; &amp; &quot;c&quot;'));
  assert.ok(!svg.includes('<b>'));
});

test('it is readable on light and on dark ground', () => {
  const svg = plotOf({ratio: 1, label: 'a', series: 0});
  const [light = '', dark = ''] = svg.split('prefers-color-scheme: dark');
  for (const kind of ['series-0', 'series-1', 'series-2', 'even', 'grid', 'tick']) {
    assert.ok(light.includes(`.${kind} `) && dark.includes(`.${kind} `), kind);
  }
  assert.ok(only(svg).right > only(svg).left);
});
