import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readCopyStatement, withOption} from './copy-statement';

const read = (text: string) => {
  const copy = readCopyStatement(text);
  assert.ok(copy !== undefined, text);
  return copy;
};

const put = (text: string) => withOption(read(text), 'FORMAT binary');

test('a table and its columns are read as the server reads names', () => {
  const copy = read('/* x */ COPY "My ""Schema".T (A, "B c", U&"d") -- all\n FROM stdin');
  assert.equal(copy.table, '"My ""Schema".T');
  assert.deepEqual(copy.columns, ['a', 'B c', undefined]);
  assert.equal(copy.direction, 'from');
  assert.equal(copy.overWire, true);
  assert.equal(copy.format, undefined);
  assert.equal(read('copy t from STDIN').columns, undefined);
});

test('direction and end of the wire are told from names and strings', () => {
  assert.equal(read(`COPY "from" FROM '/tmp/stdin'`).overWire, false);
  assert.equal(read(`COPY t FROM PROGRAM 'stdin'`).overWire, false);
  assert.equal(read('COPY (SELECT a FROM t) TO STDOUT').direction, 'to');
  assert.equal(read('COPY (SELECT a FROM t) TO STDOUT').table, undefined);
  // The grammar takes either word in either direction.
  assert.equal(read('COPY t FROM STDOUT').overWire, true);
  for (const text of ['SELECT 1', '', 'COPY', 'copyt FROM STDIN', '"copy" t FROM STDIN']) {
    assert.equal(readCopyStatement(text), undefined, text);
  }
});

test('the format is read in all the ways it can be written', () => {
  const formats: readonly [string, string | undefined, boolean][] = [
    ['COPY t FROM STDIN (FORMAT csv)', 'csv', false],
    [`COPY t FROM STDIN WITH (header, format 'BINARY')`, 'binary', false],
    ['COPY t FROM STDIN WITH ("format" "text", FORCE_NULL (a, b))', 'text', false],
    ['COPY t FROM STDIN WITH (FORCE_NULL (format, csv))', undefined, false],
    ['COPY t FROM STDIN WHERE a > 1', undefined, false],
    ['COPY t FROM STDIN CSV HEADER', 'csv', true],
    ['COPY t FROM STDIN WITH BINARY', 'binary', true],
    ['COPY BINARY t FROM STDIN', 'binary', true],
    ['COPY binary FROM STDIN', undefined, false],
    ['COPY binary.t (a) FROM STDIN', undefined, false],
    [`COPY t FROM STDIN DELIMITER 'x'`, 'text', true],
  ];
  for (const [text, format, oldOptions] of formats) {
    assert.equal(read(text).format, format, text);
    assert.equal(read(text).oldOptions, oldOptions, text);
  }
});

test('an option is put in where the grammar has it', () => {
  assert.equal(put('COPY t FROM STDIN'), 'COPY t FROM STDIN WITH (FORMAT binary)');
  assert.equal(put('COPY t FROM STDIN -- x'), 'COPY t FROM STDIN WITH (FORMAT binary) -- x');
  assert.equal(
    put('COPY t FROM STDIN WHERE (a > 1)'),
    'COPY t FROM STDIN WITH (FORMAT binary) WHERE (a > 1)',
  );
  assert.equal(
    put('COPY t FROM STDIN WITH (FREEZE) WHERE a'),
    'COPY t FROM STDIN WITH (FORMAT binary, FREEZE) WHERE a',
  );
});
