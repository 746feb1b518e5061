/**
 * Changes a recorded stream of a server as a broken, or a hostile, one would: what is in a frame, what its
 * length says, which frames there are and in which order, and where TCP cuts them.
 */
import type {Random} from '../rig/random';
import type {Recording} from './recordings';

export interface Stream {
  readonly conversation: string;
  readonly chunks: readonly Buffer[];
}

const LENGTHS = [0, 1, 3, 4, 5, -1, -2, 30_001, 0xffff, 0x3fff_ffff, 0x4000_0000, 0x7fff_ffff];
/** Every type of a server, one of a client, and one of nobody. */
const TAGS = Buffer.from('RKCdcGHWDIEVvnNAt1S32sZTQ?').toJSON().data;
const HEADER_BYTES = 5;
/** Streams up to this size are also given byte by byte. */
const BYTEWISE_BYTES = 3000;
const ASCII = 128;

/** Changes the list of frames in place. None of them is empty, before or after. */
type Mutation = (frames: Buffer[], random: Random, others: readonly Recording[]) => void;

function changeFrame(frames: Buffer[], random: Random, change: (frame: Buffer) => Buffer): void {
  const at = random.between(0, frames.length - 1);
  const frame = frames[at];
  if (frame !== undefined) frames[at] = change(Buffer.from(frame));
}

function overwrite(width: 1 | 2 | 4, choose: (random: Random) => number): Mutation {
  return (frames, random) =>
    changeFrame(frames, random, (frame) => {
      const last = frame.length - width;
      if (last < 0) return frame;
      const at = random.between(0, last);
      // As two's complement of its width, whatever was chosen.
      const bits = choose(random);
      for (let byte = 0; byte < width; byte++) {
        frame[at + byte] = (bits >> (8 * (width - 1 - byte))) & 0xff;
      }
      return frame;
    });
}

const mutations: readonly Mutation[] = [
  // A bit flips.
  (frames, random) =>
    changeFrame(frames, random, (frame) => {
      const at = random.between(0, frame.length - 1);
      frame[at] = (frame[at] ?? 0) ^ (1 << random.between(0, 7));
      return frame;
    }),
  overwrite(1, (random) => random.between(0, 255)),
  overwrite(2, (random) => random.pick([...LENGTHS, random.between(0, 40)])),
  overwrite(4, (random) => random.pick([...LENGTHS, random.between(0, 400)])),
  // The frame says that it has another length.
  (frames, random) =>
    changeFrame(frames, random, (frame) => {
      if (frame.length < HEADER_BYTES) return frame;
      const honest = frame.readInt32BE(1);
      frame.writeInt32BE(
        random.pick([...LENGTHS, honest - 1, Math.min(honest + 1, 0x7fff_ffff)]),
        1,
      );
      return frame;
    }),
  // Bytes are put in or taken out, and the length says so.
  (frames, random) =>
    changeFrame(frames, random, (frame) => {
      if (frame.length < HEADER_BYTES) return frame;
      const at = random.between(HEADER_BYTES, frame.length);
      const added = random.pick([Buffer.alloc(0), garbage(random, 20), garbage(random, 2)]);
      const rest = frame.subarray(Math.min(frame.length, at + random.between(0, 6)));
      const changed = Buffer.concat([frame.subarray(0, at), added, rest]);
      changed.writeInt32BE(changed.length - 1, 1);
      return changed;
    }),
  // Another type.
  (frames, random) =>
    changeFrame(frames, random, (frame) => {
      frame[0] = random.pick(TAGS);
      return frame;
    }),
  // Twice.
  (frames, random) => {
    const at = random.between(0, frames.length - 1);
    frames.splice(at, 0, ...frames.slice(at, at + random.between(1, 3)));
  },
  // Not at all.
  (frames, random) => void frames.splice(random.between(0, frames.length - 1), 1),
  // In another order.
  (frames, random) => {
    const [frame] = frames.splice(random.between(0, frames.length - 1), 1);
    if (frame !== undefined) frames.splice(random.between(0, frames.length), 0, frame);
  },
  // A frame of another conversation.
  (frames, random, others) => {
    const frame = random.pick(random.pick(others).frames);
    frames.splice(random.between(0, frames.length), 0, frame);
  },
  // What is no frame.
  (frames, random) => void frames.splice(random.between(0, frames.length), 0, garbage(random, 30)),
  // The end is missing.
  (frames, random) => {
    const last = random.between(0, frames.length - 1);
    const rest = frames[last]?.subarray(0, random.between(0, 12));
    frames.splice(last);
    if (rest !== undefined && rest.length > 0) frames.push(rest);
  },
];

function garbage(random: Random, most: number): Buffer {
  return Buffer.from(
    Array.from({length: random.between(1, most)}, () =>
      random.between(0, 1) === 0 ? 0 : random.between(0, 2 * ASCII - 1),
    ),
  );
}

export function mutate(recordings: readonly Recording[], random: Random): Stream {
  const {name, frames: honest} = random.pick(recordings);
  const frames = [...honest];
  for (let left = random.between(1, 4); left > 0 && frames.length > 0; left--) {
    random.pick(mutations)(frames, random, recordings);
  }
  return {conversation: name, chunks: cut(Buffer.concat(frames), random)};
}

function cut(bytes: Buffer, random: Random): Buffer[] {
  const way = random.between(0, 3);
  if (way === 0 && bytes.length <= BYTEWISE_BYTES) {
    return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
  }
  if (way === 1) return [bytes];
  const places = Array.from({length: random.between(1, 8)}, () => random.between(0, bytes.length));
  return cutAt(
    bytes,
    places.sort((a, b) => a - b),
  );
}

export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length));
}
