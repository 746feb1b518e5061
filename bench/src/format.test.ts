import assert from 'node:assert/strict';
import {test} from 'node:test';
import {formatFigure, markdownTable, readFigureName, threeDigits} from './format';

test('three digits, with separators where there are more', () => {
  assert.deepEqual([0.012345, 1, 99.94, 1234.5, 69_961].map(threeDigits), [
    '0.0123',
    '1.00',
    '99.9',
    '1,230',
    '70,000',
  ]);
  assert.equal(threeDigits(-1234), '-1,230');
});

test('the name of a figure tells its title and its unit', () => {
  const heads = [
    'growthBytes',
    'fastP99Milliseconds',
    'completedPerSecond',
    'rssBytesPerConnection',
  ];
  assert.deepEqual(
    heads.map((name) => {
      const {title, unit} = readFigureName(name);
      return `${title}, ${unit?.symbol}`;
    }),
    ['growth, MiB', 'fast p99, ms', 'completed, /s', 'rss, KiB per connection'],
  );
  assert.deepEqual(readFigureName('statements'), {title: 'statements', unit: undefined});
});

test('a figure is given in its unit', () => {
  assert.equal(formatFigure('growthBytes', 3 * 1024 * 1024), '3.00');
  assert.equal(formatFigure('rssBytesPerConnection', 20 * 1024), '20.0');
  assert.equal(formatFigure('statements', 12), '12.0');
});

test('the cells of a table stand under each other', () => {
  assert.deepEqual(
    markdownTable(
      ['peer', 'ours ×'],
      [
        ['ours', ''],
        ['a long name', '1.00'],
      ],
    ),
    [
      '| peer        | ours × |',
      '| ----------- | -----: |',
      '| ours        |        |',
      '| a long name |   1.00 |',
    ],
  );
});
