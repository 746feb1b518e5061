/**
 * One of Jest's `reporters`: after a test file with failures, the errors in the server's log since the file began.
 * Files that run at the same time share the log; entries name the database they are of.
 */
import {readPreparedRun} from '../runners/prepared-run';
import {describeLog} from '../runners/describe-log';
import {logSizeBytes} from '../runners/server-log';

class Reporter {
  readonly #began = new Map<string, number>();

  onTestFileStart({path}: {readonly path: string}): void {
    const run = readPreparedRun();
    if (run !== undefined) this.#began.set(path, logSizeBytes(run.place.logFile));
  }

  onTestFileResult(
    {path}: {readonly path: string},
    {numFailingTests}: {readonly numFailingTests: number},
  ): void {
    const run = readPreparedRun();
    if (run === undefined || numFailingTests === 0) return;
    const since = this.#began.get(path) ?? 0;
    process.stderr.write(describeLog(run.place.logFile, {since, errors: true}));
  }
}

export = Reporter;
