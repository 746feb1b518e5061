/**
 * What a session waits for, as a table of phases and of the backend messages that are legal in each.
 *
 * The table holds only what a request of ours can be answered with; notices, notifications and parameter
 * reports may come at any time and are taken out before it is asked (protocol chapter 54.2.7,
 * "Asynchronous Operations"). Which phase follows a legal message depends on what the request still has
 * to come, so the current exchange answers that; that nothing else is accepted is decided here.
 */
import {BackendTag, nameOfBackendTag} from '../../protocol';

export const Phase = {
  /** Nothing was asked. */
  idle: 0,
  closing: 1,
  parsing: 2,
  describingParameters: 3,
  describingRows: 4,
  binding: 5,
  executing: 6,
  copyingOut: 7,
  /** A portal has more rows and the reader has not asked for them. */
  suspended: 8,
  /** Simple query protocol: any number of results. */
  simple: 9,
  /** All answers are in but ReadyForQuery. */
  syncing: 10,
  /** After an error the server skips all until Sync. */
  discarding: 11,
  startingCopy: 12,
  copyingIn: 13,
  /** CopyFail was sent for a copy that was not asked for: an error is all that can come. */
  refusingCopy: 14,
  /** CopyDone or CopyFail was sent: no more data is to come, and the server has to say what became of it. */
  endingCopy: 15,
} as const;

export type Phase = (typeof Phase)[keyof typeof Phase];

const NAMES = Object.keys(Phase);

const transitions: Record<keyof typeof Phase, readonly number[]> = {
  idle: [],
  closing: [BackendTag.CloseComplete],
  parsing: [BackendTag.ParseComplete],
  describingParameters: [BackendTag.ParameterDescription],
  describingRows: [BackendTag.RowDescription, BackendTag.NoData],
  binding: [BackendTag.BindComplete],
  executing: [
    BackendTag.DataRow,
    BackendTag.CommandComplete,
    BackendTag.EmptyQueryResponse,
    BackendTag.PortalSuspended,
    BackendTag.CopyInResponse,
    BackendTag.CopyOutResponse,
  ],
  copyingOut: [BackendTag.CopyData, BackendTag.CopyDone, BackendTag.CommandComplete],
  simple: [
    BackendTag.RowDescription,
    BackendTag.DataRow,
    BackendTag.CommandComplete,
    BackendTag.EmptyQueryResponse,
    BackendTag.CopyInResponse,
    BackendTag.CopyOutResponse,
    BackendTag.CopyData,
    BackendTag.CopyDone,
    BackendTag.ReadyForQuery,
  ],
  suspended: [],
  syncing: [BackendTag.ReadyForQuery],
  discarding: [BackendTag.ReadyForQuery],
  startingCopy: [BackendTag.CopyInResponse, BackendTag.CopyOutResponse],
  copyingIn: [BackendTag.CommandComplete],
  refusingCopy: [],
  endingCopy: [BackendTag.CommandComplete],
};

const TAGS = 128;
const legal = new Uint8Array(NAMES.length * TAGS);
for (const [name, phase] of Object.entries(Phase)) {
  for (const [key, tags] of Object.entries(transitions)) {
    if (key === name) for (const tag of tags) legal[phase * TAGS + tag] = 1;
  }
}

/** Tags are below 128: the frame decoder refuses all others. */
export function isLegal(phase: Phase, tag: number): boolean {
  return legal[phase * TAGS + tag] === 1;
}

export function describeIllegal(phase: Phase, tag: number): string {
  return `${nameOfBackendTag(tag)} is not legal while ${NAMES[phase] ?? phase}`;
}
