/**
 * A reporter for `node --test` that says nothing while things go well: what tests print, every failure in
 * full, and at the end the counts as JSON in the file named by TEST_COUNTS_FILE.
 *
 * Counted are tests, not suites. A file that ran no test is a failure: somebody thinks it tests something.
 */
import {writeFileSync} from 'node:fs';
import {relative} from 'node:path';
import {inspect} from 'node:util';

/** The assertion or exception itself: node:test wraps it, and its own frames help nobody. */
function describeError(error) {
  const cause = error?.cause ?? error;
  return (cause instanceof Error ? inspect(cause) : String(cause?.message ?? cause))
    .split('\n')
    .filter((line) => !/^\s+at .*\(?node:/.test(line))
    .map((line) => `    ${line}`)
    .join('\n');
}

/** Node reports a file as a test of its own if it brought none, or ended in a way that its tests do not say. */
function isFile({name, file, nesting}) {
  return nesting === 0 && file !== undefined && (name === file || name === relative('.', file));
}

/** @returns {'passed' | 'failed' | 'skipped' | 'empty' | undefined} undefined: nothing to count */
function judge(type, data) {
  const isSuite = data.details.type === 'suite';
  if (data.skip !== undefined || data.todo !== undefined) return isSuite ? undefined : 'skipped';
  if (type === 'test:pass') {
    if (isFile(data)) return 'empty';
    return isSuite ? undefined : 'passed';
  }
  // Those tests were reported themselves.
  const isSum = data.details.error?.failureType === 'subtestsFailed';
  return isSum && (isSuite || isFile(data)) ? undefined : 'failed';
}

export default async function* report(events) {
  const counts = {passed: 0, failed: 0, skipped: 0};
  for await (const {type, data} of events) {
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const verdict = judge(type, data);
    const place = data.file === undefined ? '' : ` (${relative('.', data.file)}:${data.line})`;
    if (verdict === 'failed') {
      yield `\nFAILED ${data.name}${place}\n${describeError(data.details.error)}\n\n`;
    }
    if (verdict === 'empty') yield `\nFAILED ${data.name}: the file ran no test\n\n`;
    if (verdict !== undefined) counts[verdict === 'empty' ? 'failed' : verdict] += 1;
  }
  const {TEST_COUNTS_FILE} = process.env;
  if (TEST_COUNTS_FILE !== undefined) writeFileSync(TEST_COUNTS_FILE, JSON.stringify(counts));
}
