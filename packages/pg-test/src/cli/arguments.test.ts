import assert from 'node:assert/strict';
import {test} from 'node:test';
import * as fc from 'fast-check';
import {PgTestError} from '../error';
import {parseArguments} from './arguments';

test('flags are read in both spellings', () => {
  const expected = {name: 'start', flags: {version: '16', durable: true}, operands: []};
  assert.deepEqual(parseArguments(['start', '--version', '16', '--durable']), expected);
  assert.deepEqual(parseArguments(['start', '--version=16', '--durable']), expected);
});

test("what follows run's command is the command's own", () => {
  const operands = ['psql', '--version', '-x'];
  assert.deepEqual(parseArguments(['run', '--port', '1', ...operands]).operands, operands);
  assert.deepEqual(parseArguments(['run', '--', ...operands]).operands, operands);
});

const MISTAKES: [args: string[], message: RegExp][] = [
  [['strat'], /no command "strat"; did you mean "start"\?/],
  [['start', '--verison', '16'], /no flag --verison; did you mean "--version"\?/],
  [['start', '--zzzzzzzzzz'], /there are: --version, --port/],
  [['list', '--port', '1'], /--port does not apply to list, only to start and run/],
  [['start', '--port'], /--port needs a value/],
  [['start', '--port', '--durable'], /--port needs a value/],
  [['start', '--durable=yes'], /--durable takes no value/],
  [['start', 'now'], /start does not take "now"/],
  [['stop', 'a', 'b'], /stop does not take "b"/],
  [['run'], /run needs a command/],
  [['stop', '../x'], /name is made of letters/],
];
for (const [args, message] of MISTAKES) {
  test(`"pg-test ${args.join(' ')}" is refused`, () => {
    assert.throws(() => parseArguments(args), {code: 'PG_TEST_BAD_OPTION', message});
  });
}

test('no arguments make it fail in any other way', () => {
  const words = fc.constantFrom(
    'start',
    'stop',
    'run',
    'list',
    '--',
    '--port',
    '--help',
    '-h',
    '=',
    '',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string())), (args) => {
      try {
        parseArguments(args);
      } catch (error) {
        assert.ok(error instanceof PgTestError);
      }
    }),
  );
});
