import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import * as fc from 'fast-check';
import {formatDate} from './date-literal';
import {TypeRegistry} from './registry';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test('a date is written as local time with its offset', () => {
  process.env['TZ'] = 'America/St_Johns';
  assert.equal(formatDate(new Date('2020-02-29T12:34:56.007Z')), '2020-02-29T09:04:56.007-03:30');
  process.env['TZ'] = 'UTC';
  assert.equal(formatDate(new Date('0044-03-15T00:00:00Z')), '0044-03-15T00:00:00.000+00:00');
  assert.equal(formatDate(new Date('-000043-03-15T00:00:00Z')), '0044-03-15T00:00:00.000+00:00 BC');
  assert.equal(formatDate(new Date('0000-01-01T00:00:00Z')), '0001-01-01T00:00:00.000+00:00 BC');
  assert.equal(formatDate(new Date(8.64e15)), '275760-09-13T00:00:00.000+00:00');
});

test('offsets of clocks before standard time keep their seconds', () => {
  process.env['TZ'] = 'Africa/Monrovia';
  assert.equal(formatDate(new Date('1960-01-01T00:44:30Z')), '1960-01-01T00:00:00.000-00:44:30');
});

test('every instant reads back as itself', () => {
  const registry = new TypeRegistry();
  const read = registry.getTypeParser(1184);
  for (const tz of ['UTC', 'Europe/Amsterdam', 'Africa/Monrovia', 'Pacific/Apia']) {
    process.env['TZ'] = tz;
    fc.assert(
      fc.property(fc.date({min: new Date(-2e14), noInvalidDate: true}), (date) => {
        assert.deepEqual(read(formatDate(date).replace('T', ' ')), date);
      }),
      {numRuns: 50},
    );
  }
});
