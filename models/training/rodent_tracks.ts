/**
 * The motion stage that serves, over sequences that training makes. Standard input: sequence after sequence, each a head of five
 * uint32 (frames, width, height, crop size, crops a track), one float64 a frame (milliseconds) and the grey bytes of all frames.
 * Standard output: one line of JSON a sequence: its tracks (frame and box of every place), and `crops`, base64 of
 * [tracks, crops, size, size, 2] bytes as the network takes them; a short track repeats its places.
 */
import type { TimedFrame } from '../runtime/look-judge.ts';
import { findMotion } from '../runtime/rodent/motion.ts';
import { cropsOf, largestThings } from '../runtime/rodent/rodent-judge.ts';
import { cutTrackCrops } from '../runtime/rodent/track-crops.ts';

const HEAD_BYTES = 20;
const [cropScale = 1.4, pad = 114] = process.argv.slice(2).map(Number);

let waiting: Buffer[] = [];
let held = 0;
let wanted = HEAD_BYTES;
for await (const chunk of process.stdin) {
  waiting.push(chunk as Buffer);
  held += (chunk as Buffer).length;
  while (held >= wanted) {
    const bytes = Buffer.concat(waiting);
    const total = lengthOf(bytes);
    if (bytes.length >= total) answer(bytes);
    const rest = bytes.length >= total ? bytes.subarray(total) : bytes;
    waiting = [rest];
    held = rest.length;
    wanted = bytes.length >= total ? HEAD_BYTES : total;
  }
}

/** Bytes of the sequence that `bytes` begin with. */
function lengthOf(bytes: Buffer): number {
  const [count, width, height] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
  return HEAD_BYTES + 8 * count + count * width * height;
}

function answer(bytes: Buffer): void {
  const [count = 0, width = 0, height = 0, size = 0, each = 0] = [0, 4, 8, 12, 16].map((at) =>
    bytes.readUInt32LE(at),
  );
  const first = HEAD_BYTES + 8 * count;
  const frames: TimedFrame[] = Array.from({ length: count }, (_, i) => ({
    at: new Date(bytes.readDoubleLE(HEAD_BYTES + 8 * i)),
    frame: coloured(
      bytes.subarray(first + i * width * height, first + (i + 1) * width * height),
      width,
      height,
    ),
  }));
  const motion = findMotion(frames);
  const tracks = largestThings(motion.things);
  const crops = tracks.flatMap((thing) => {
    const own = cropsOf(thing, frames, motion, each);
    return Array.from({ length: each }, (_, i) => own[i % own.length]).filter((crop) => crop !== undefined);
  });
  const cut = Buffer.from(cutTrackCrops(crops, { size, cropScale, pad })).toString('base64');
  process.stdout.write(
    `${JSON.stringify({ usable: motion.usable, tracks: tracks.map(({ places }) => places), crops: cut })}\n`,
  );
}

function coloured(grey: Buffer, width: number, height: number) {
  const data = new Uint8Array(grey.length * 3);
  for (let i = 0, at = 0; i < grey.length; i += 1) {
    const level = grey[i] ?? 0;
    data[at++] = level;
    data[at++] = level;
    data[at++] = level;
  }
  return { data, width, height, originalWidth: width, originalHeight: height };
}
