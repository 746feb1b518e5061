import assert from 'node:assert/strict';
import {test} from 'node:test';
import {BackendTag, nameOfBackendTag} from '../../protocol';
import {Phase, describeIllegal, isLegal} from './phase';

const {
  CloseComplete,
  ParseComplete,
  ParameterDescription,
  RowDescription,
  NoData,
  BindComplete,
  DataRow,
  CommandComplete,
  EmptyQueryResponse,
  PortalSuspended,
  CopyInResponse,
  CopyOutResponse,
  CopyData,
  CopyDone,
  ReadyForQuery,
} = BackendTag;

// Written down a second time on purpose: what the chapter on message flow says, phase by phase.
const answers: Record<keyof typeof Phase, readonly number[]> = {
  idle: [],
  closing: [CloseComplete],
  parsing: [ParseComplete],
  describingParameters: [ParameterDescription],
  describingRows: [RowDescription, NoData],
  binding: [BindComplete],
  executing: [
    DataRow,
    CommandComplete,
    EmptyQueryResponse,
    PortalSuspended,
    CopyInResponse,
    CopyOutResponse,
  ],
  copyingOut: [CopyData, CopyDone, CommandComplete],
  startingCopy: [CopyInResponse, CopyOutResponse],
  copyingIn: [CommandComplete],
  endingCopy: [CommandComplete],
  refusingCopy: [],
  suspended: [],
  simple: [
    RowDescription,
    DataRow,
    CommandComplete,
    EmptyQueryResponse,
    CopyInResponse,
    CopyOutResponse,
    CopyData,
    CopyDone,
    ReadyForQuery,
  ],
  syncing: [ReadyForQuery],
  discarding: [ReadyForQuery],
};

for (const [name, phase] of Object.entries(Phase)) {
  test(`while ${name}, only its own answers are legal`, () => {
    const expected = Object.entries(answers).find(([key]) => key === name)?.[1];
    const legal = Array.from({length: 128}, (_, tag) => tag).filter((tag) => isLegal(phase, tag));
    assert.deepEqual(
      new Set(legal.map(nameOfBackendTag)),
      new Set((expected ?? [0]).map(nameOfBackendTag)),
    );
  });
}

test('an illegal message is described by its name and by what the session was doing', () => {
  assert.equal(
    describeIllegal(Phase.binding, BackendTag.DataRow),
    'DataRow is not legal while binding',
  );
});
