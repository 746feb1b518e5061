/**
 * Runs statements with the extended query protocol: all in one write, with one Sync at the end.
 *
 * One statement is one auto-commit query. Several are a pipeline: when one fails the server skips the
 * rest, so whoever sends several puts BEGIN in front (client/batch.ts) and does not get half of them.
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 *
 * A single statement that failed only because of the session it met is sent once more: the prepared
 * statement was gone (26000) or described another table layout (0A000) or a dropped type (XX000), or a
 * cancel meant for an earlier query hit it (57014). In each of these cases the server has undone it, and only outside a transaction;
 * a procedure, a DO block or a VACUUM may have committed a part of its work, so once bound it is never sent again.
 */
import {DatabaseError, ProtocolError, UsageError} from '../../errors';
import type {DatabaseErrorFields} from '../../errors';
import {
  BackendTag,
  nameOfBackendTag,
  readCommandComplete,
  readParameterDescription,
  writeBind,
  writeCloseStatement,
  writeCopyFail,
  writeDescribeStatement,
  writeExecute,
  writeParse,
  writeSync,
} from '../../protocol';
import type {ByteReader} from '../../protocol';
import type {TypeRegistry} from '../../types';
import {emptyRows} from '../rows/empty-rows';
import {COUNT_EVERY_ROWS} from '../rows/tuned-decoder';
import type {TunedDecoder} from '../rows/tuned-decoder';
import type {Exchange, ExchangeSession, Outcome, TransactionStatus} from '../session/exchange';
import {Phase} from '../session/phase';
import {describeResult, readResultShape} from '../statements/describe-result';
import {isStale} from '../statements/prepared-statements';
import {leavesTraces} from '../statements/session-traces';
import {textWithComment} from '../statements/statement';
import type {Step} from './step';

const NO_TYPES: readonly number[] = [];
const NO_FORMATS: readonly number[] = [];

export abstract class ExtendedQuery implements Exchange {
  readonly steps: readonly Step[];
  /** The statement the server is at. */
  at = 0;
  error: DatabaseErrorFields | undefined;
  /** A cancel request was sent for this exchange: its 57014 is its own. */
  cancelled = false;
  started: (() => void) | undefined = undefined;
  readonly #registry: TypeRegistry;
  #closes = 0;
  #runs = 0;
  /** What failed has left nothing behind. */
  #undone = true;

  constructor(steps: readonly Step[], registry: TypeRegistry) {
    this.steps = steps;
    this.#registry = registry;
  }

  /** All answers are in: `error` says whether they are good. */
  abstract ended(status: TransactionStatus): void;
  abstract lost(error: Error): void;

  write(session: ExchangeSession): Phase {
    const out = session.writer;
    this.#runs++;
    this.at = 0;
    this.error = undefined;
    const closes = session.statements.takeToClose();
    this.#closes = closes.length;
    try {
      for (const name of closes) writeCloseStatement(out, name);
      for (const step of this.steps) this.#writeStep(step, session);
      writeSync(out);
    } catch (error) {
      // The session takes the bytes back, so the server will neither parse nor close anything.
      this.#forgetUnparsed(session);
      session.statements.giveBackToClose(closes);
      throw error;
    }
    return this.#closes > 0 ? Phase.closing : this.#startOfStep();
  }

  #writeStep(step: Step, session: ExchangeSession): void {
    const out = session.writer;
    const {statement} = step;
    // A copy that meets any other message makes the server end the session, so it is not even begun.
    if (statement.copiesIn) throw copyRefused('FROM STDIN');
    let prepared = session.statements.find(statement);
    if (prepared?.shape !== undefined && !prepared.shape.isCurrent(this.#registry)) {
      prepared.shape = describeResult(statement, prepared.shape.columns, this.#registry);
    }
    step.parses = prepared === undefined;
    step.progress = 'waiting';
    if (prepared === undefined) {
      prepared = session.statements.add(statement);
      step.prepared = prepared;
      const comment = prepared.name === '' ? step.comment : '';
      writeParse(out, prepared.name, textWithComment(statement.text, comment), NO_TYPES);
      writeDescribeStatement(out, prepared.name);
    }
    // Not first when it has succeeded: an advisory lock stays with a statement that fails behind it.
    if (statement.leavesTraces) session.touched = true;
    step.prepared = prepared;
    step.rows = emptyRows();
    step.unreadable = undefined;
    // Until the description is here, text is the only format that can be asked for.
    const formats = prepared.shape?.formats ?? NO_FORMATS;
    step.shape = prepared.described ? prepared.shape : undefined;
    step.decoder = step.shape?.mixed;
    if (!step.executes) return;
    writeBind(out, '', prepared.name, step.parameters, formats);
    writeExecute(out, '', 0);
  }

  row(buffer: Buffer, start: number, end: number): void {
    const step = this.#step();
    if (step.unreadable !== undefined) return;
    const decoder = (step.decoder ??= textDecoderOf(step));
    try {
      const count = step.rows.push(decoder.decode(buffer, start, end));
      if (count % COUNT_EVERY_ROWS === 0) decoder.counted(COUNT_EVERY_ROWS);
    } catch (error) {
      if (error instanceof ProtocolError || !(error instanceof Error)) throw error;
      step.unreadable = error;
      step.rows = [];
    }
  }

  receive(tag: number, body: ByteReader, session: ExchangeSession): Phase {
    const step = this.#step();
    switch (tag) {
      case BackendTag.CloseComplete:
        body.expectEnd('CloseComplete');
        return --this.#closes > 0 ? Phase.closing : this.#startOfStep();
      case BackendTag.ParseComplete:
        body.expectEnd('ParseComplete');
        step.progress = 'parsed';
        return Phase.describingParameters;
      case BackendTag.ParameterDescription:
        step.statement.parameterTypes = readParameterDescription(body);
        return Phase.describingRows;
      case BackendTag.RowDescription:
      case BackendTag.NoData:
        this.#described(step, tag, body);
        return step.executes ? Phase.binding : this.#nextStep(step);
      case BackendTag.BindComplete:
        body.expectEnd('BindComplete');
        step.progress = 'bound';
        return Phase.executing;
      case BackendTag.EmptyQueryResponse:
        body.expectEnd('EmptyQueryResponse');
        return this.#nextStep(step);
      case BackendTag.CommandComplete:
        step.commandTag = readCommandComplete(body);
        step.decoder?.counted(step.rows.length % COUNT_EVERY_ROWS);
        if (leavesTraces(step.commandTag, step.statement)) {
          session.touched = true;
          step.statement.alone = true;
        }
        return this.#nextStep(step);
      case BackendTag.CopyInResponse:
        this.#refuseCopyIn(step, session);
        return Phase.refusingCopy;
      case BackendTag.CopyOutResponse:
        step.unreadable = copyRefused('TO STDOUT');
        return Phase.copyingOut;
      case BackendTag.CopyData:
      case BackendTag.CopyDone:
        return Phase.copyingOut;
      default:
        throw new ProtocolError(`${nameOfBackendTag(tag)} does not answer an extended query`);
    }
  }

  failed(fields: DatabaseErrorFields): void {
    this.error = fields;
  }

  ready(status: TransactionStatus, session: ExchangeSession): Outcome {
    if (this.error !== undefined) {
      this.#forgetUnparsed(session);
      if (this.#mayRunAgain(this.error, status, session)) return 'again';
      this.#undone = status !== 'idle' || !this.#mayHaveCommitted();
    }
    this.ended(status);
    return 'done';
  }

  #mayHaveCommitted(): boolean {
    const step = this.steps[this.at];
    return step?.progress === 'bound' && step.statement.commitsInParts;
  }

  #forgetUnparsed({statements}: ExchangeSession): void {
    for (const {parses, progress, prepared} of this.steps) {
      if (!parses || prepared === undefined) continue;
      if (progress === 'waiting') statements.forget(prepared);
      // Parsed and then not described, as when a cancel request came in between.
      else if (!prepared.described) statements.discard(prepared);
    }
  }

  #mayRunAgain(
    error: DatabaseErrorFields,
    status: TransactionStatus,
    session: ExchangeSession,
  ): boolean {
    const step = this.steps[this.at];
    if (step?.prepared === undefined) return false;
    // Before it is bound nothing of it has run; later, a procedure may have committed a part of its work.
    const stale = !step.parses && step.progress === 'waiting' && isStale(error);
    // Also where it is not run again, so that the next use of the statement finds it mended.
    if (stale) session.statements.discard(step.prepared);
    if (this.steps.length > 1) return false;
    const undone = step.progress !== 'bound' || step.statement.undoneByFailure;
    const innocent = error.code === '57014' && !this.cancelled && session.cancelling && undone;
    return (stale || innocent) && status === 'idle' && this.#runs === 1;
  }

  /** In copy mode the server reads past Sync and Flush, and fails at any other message. */
  #refuseCopyIn(step: Step, session: ExchangeSession): void {
    step.statement.alone = true;
    step.unreadable = copyRefused('FROM STDIN');
    // The messages of the next step end the copy; the Sync behind them is still to come.
    if (this.at + 1 < this.steps.length) return;
    if (session.inFlight > 1) {
      // Our Sync is gone, and what the server makes of the next exchange cannot be told from our own end.
      throw new ProtocolError(
        'COPY FROM STDIN was run through query() with other queries sent behind it, which swallowed one of them',
      );
    }
    writeCopyFail(session.writer, 'COPY FROM STDIN cannot be run through query()');
    writeSync(session.writer);
    session.wrote();
  }

  #described(step: Step, tag: number, body: ByteReader): void {
    const prepared = step.prepared;
    if (prepared === undefined) return;
    prepared.described = true;
    if (tag === BackendTag.NoData) {
      body.expectEnd('NoData');
      return;
    }
    prepared.shape = readResultShape(step.statement, body, this.#registry);
  }

  #nextStep(step: Step): Phase {
    step.progress = 'complete';
    this.at++;
    return this.#startOfStep();
  }

  #startOfStep(): Phase {
    const step = this.steps[this.at];
    if (step === undefined) return Phase.syncing;
    return step.parses ? Phase.parsing : step.executes ? Phase.binding : this.#nextStep(step);
  }

  #step(): Step {
    const step = this.steps[this.at];
    if (step === undefined) throw new ProtocolError('an answer came behind the last statement');
    return step;
  }

  /** The error of the exchange with the lines of the statement it is about. */
  databaseError(fields: DatabaseErrorFields): DatabaseError {
    const text = this.steps[this.at]?.statement.text;
    return new DatabaseError(fields, {
      ...(text === undefined ? {} : {queryText: text}),
      sent: this.#undone ? 'no' : 'maybe',
    });
  }
}

/** For a step that was written before the description of its result came: its rows are text. */
function textDecoderOf(step: Step): TunedDecoder {
  step.shape = step.prepared?.shape;
  if (step.shape === undefined) {
    throw new ProtocolError('DataRow came for a statement without rows');
  }
  return step.shape.text;
}

function copyRefused(direction: string): UsageError {
  return new UsageError(
    `COPY ${direction} cannot be run through query(): its data has nowhere to go; use ${direction === 'TO STDOUT' ? 'copyTo()' : 'copyFrom()'}`,
    {code: 'PG_INVALID_ARGUMENT'},
  );
}
