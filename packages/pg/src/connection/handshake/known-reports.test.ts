import assert from 'node:assert/strict';
import {test} from 'node:test';
import {ByteReader} from '../../protocol';
import {KnownReports} from './known-reports';

/** Reads a report that stands in the middle of a buffer which is overwritten right behind. */
function read(reports: KnownReports, place: number, text: string) {
  const buffer = Buffer.from(`..${text}..`);
  const end = buffer.length - 2;
  const status = reports.read(place, new ByteReader().reset(buffer, 2, end), buffer, 2, end);
  buffer.fill(0xff);
  return status;
}

test('what is reported again is not read again', () => {
  const reports = new KnownReports();
  const first = read(reports, 0, 'TimeZone\0UTC\0');
  assert.deepEqual(first, {name: 'TimeZone', value: 'UTC'});
  assert.equal(read(reports, 0, 'TimeZone\0UTC\0'), first);
});

test('what differs, stands elsewhere or goes on is read for itself', () => {
  const reports = new KnownReports();
  read(reports, 0, 'TimeZone\0UTC\0');
  assert.equal(read(reports, 0, 'TimeZone\0UTD\0').value, 'UTD');
  assert.equal(read(reports, 0, 'TimeZone\0UTC\0').value, 'UTC');
  assert.equal(read(reports, 1, 'is_superuser\0on\0').name, 'is_superuser');
  assert.equal(read(reports, 0, 'TimeZone\0UTC+1\0').value, 'UTC+1');
});

test('a malformed report is refused also when the last one was well-formed', () => {
  const reports = new KnownReports();
  read(reports, 0, 'TimeZone\0UTC\0');
  assert.throws(() => read(reports, 0, 'TimeZone\0UTC'), /ParameterStatus/);
  assert.throws(() => read(reports, 0, 'TimeZone\0UTC\0more'), /ParameterStatus/);
});

test('a server that reports at length does not fill the memory', () => {
  const reports = new KnownReports();
  const long = `name\0${'x'.repeat(300)}\0`;
  assert.notEqual(read(reports, 0, long), read(reports, 0, long));
  assert.notEqual(read(reports, 32, 'a\0b\0'), read(reports, 32, 'a\0b\0'));
  assert.equal(read(reports, 31, 'a\0b\0'), read(reports, 31, 'a\0b\0'));
});
