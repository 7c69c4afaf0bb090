import type { Frame } from 'node-av/lib';
import type { MediaPacket, StreamConfig } from './packet.ts';
import { StreamDecoder } from './stream-decoder.ts';
import { Picture } from './video-picture.ts';

export interface BurstOptions {
  /** A keyframe this near to a wanted time is taken instead of the nearest picture: it is decoded alone. Default 0. */
  keyframeToleranceMs?: number;
}

/** Packets to decode in one go, and the wanted pictures among what comes out. */
interface Run {
  config: StreamConfig;
  packets: MediaPacket[];
  wanted: Set<MediaPacket>;
}

/**
 * Decodes the pictures of a cut (PacketRing.cut) that lie nearest to the given wall-clock times and lends them to `use`,
 * one after the other in order of time. One picture that is nearest to several times comes once. Groups of pictures
 * without a wanted one are not decoded. Returns what `use` returned; fewer than asked for where packets were damaged.
 */
export async function withNearest<T>(
  packets: readonly MediaPacket[],
  timesMs: readonly number[],
  use: (picture: Picture) => Promise<T>,
  options: BurstOptions = {},
): Promise<T[]> {
  const results: { atMs: number; value: T }[] = [];
  for (const run of planRuns(packets, choose(packets, timesMs, options.keyframeToleranceMs ?? 0))) {
    await decodeRun(run, async (picture) => {
      results.push({ atMs: picture.atMs, value: await use(picture) });
    });
  }
  return results.sort((a, b) => a.atMs - b.atMs).map(({ value }) => value);
}

/** `count` times spread evenly over a span, both ends included: the times of a burst. */
export function burstTimes(fromMs: number, toMs: number, count: number): number[] {
  if (count === 1) return [toMs];
  return Array.from({ length: count }, (_, i) => fromMs + ((toMs - fromMs) * i) / (count - 1));
}

function choose(
  packets: readonly MediaPacket[],
  timesMs: readonly number[],
  toleranceMs: number,
): Set<MediaPacket> {
  const keys = packets.filter((packet) => packet.key);
  const chosen = new Set<MediaPacket>();
  for (const timeMs of timesMs) {
    const key = nearest(keys, timeMs);
    const closeEnough = key !== null && Math.abs(key.wallMs - timeMs) <= toleranceMs;
    const packet = closeEnough ? key : nearest(packets, timeMs);
    if (packet !== null) chosen.add(packet);
  }
  return chosen;
}

function nearest(packets: readonly MediaPacket[], timeMs: number): MediaPacket | null {
  let best: MediaPacket | null = null;
  for (const packet of packets) {
    if (best === null || Math.abs(packet.wallMs - timeMs) < Math.abs(best.wallMs - timeMs)) best = packet;
  }
  return best;
}

/** From each keyframe on that is needed, the packets up to the last wanted one. */
function planRuns(packets: readonly MediaPacket[], chosen: ReadonlySet<MediaPacket>): Run[] {
  const runs = new Map<number, { end: number; wanted: Set<MediaPacket> }>();
  packets.forEach((packet, index) => {
    if (!chosen.has(packet)) return;
    // Pictures sent after an open-GOP keyframe but shown before it need the group before.
    const start = packets.findLastIndex((key, i) => i <= index && key.key && key.pts <= packet.pts);
    if (start === -1) return;
    const run = runs.get(start) ?? { end: index, wanted: new Set() };
    run.end = index;
    run.wanted.add(packet);
    runs.set(start, run);
  });
  return [...runs].flatMap(([start, { end, wanted }]) => {
    const first = packets[start];
    if (first === undefined) return [];
    const inRun = packets.slice(start, end + 1).filter(({ config }) => config === first.config);
    return [{ config: first.config, packets: inRun, wanted }];
  });
}

async function decodeRun(run: Run, give: (picture: Picture) => Promise<void>): Promise<void> {
  const wanted = new Map([...run.wanted].map((packet) => [BigInt(packet.pts), packet]));
  const decoder = new StreamDecoder(run.config);
  const giveWanted = async (frames: Frame[]): Promise<void> => {
    try {
      for (const frame of frames) {
        const packet = wanted.get(frame.pts);
        if (packet !== undefined) await give(new Picture(frame, packet.wallMs));
      }
    } finally {
      for (const frame of frames) frame.free();
    }
  };
  try {
    for (const packet of run.packets) await giveWanted(await decoder.decode(packet));
    await giveWanted(await decoder.flush());
  } finally {
    decoder.free();
  }
}
