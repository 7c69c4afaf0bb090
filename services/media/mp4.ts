import { mp4InMemory, type Sample } from './mp4-writer.ts';
import { type MediaPacket, type StreamConfig, TICKS_PER_SECOND } from './packet.ts';

/** Duration of the last picture where only one is there, in ticks. */
const LONE_PICTURE_TICKS = TICKS_PER_SECOND / 25;
/** One fragment a group of pictures; composition offsets may be negative, so that a clip starts at 0 in spite of B-frames. */
const FRAGMENTED = 'frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets';

/** A clip as fragmented MP4, one fragment a group of pictures. */
export interface Mp4Clip {
  bytes: Buffer;
  /** RFC 6381, for `video/mp4; codecs="…"`: `avc1.64001f`, `hvc1.1.6.L93.B0`. */
  codecString: string;
  /** What the file shows, milliseconds. */
  durationMs: number;
  /** Wall clock of its first picture, Unix milliseconds; the file's own times start at 0. */
  startMs: number;
  width: number;
  height: number;
  /** Packets that did not fit: before the first keyframe, or of another resolution than most of the clip. */
  leftOut: number;
}

/**
 * Puts packets (PacketRing.cut) into an MP4 without re-encoding. An MP4 has one resolution: of a cut that spans a change
 * the longest part is kept. Throws RangeError when there is no keyframe to start with, MediaError when FFmpeg refuses.
 */
export async function packMp4(packets: readonly MediaPacket[]): Promise<Mp4Clip> {
  const { first, samples } = clipSamples(packets);
  const { config } = first;
  const { bytes, codecString } = await mp4InMemory(config, samples, FRAGMENTED);
  const shownMs =
    (samples.reduce((end, sample) => Math.max(end, sample.pts + sample.duration), 0) * 1000) /
    TICKS_PER_SECOND;
  return {
    bytes,
    codecString,
    durationMs: Math.round(shownMs),
    startMs: first.wallMs,
    width: config.width,
    height: config.height,
    leftOut: packets.length - samples.length,
  };
}

/** Longest part with one StreamConfig, from its first keyframe on, with decoding times. */
function clipSamples(packets: readonly MediaPacket[]): { first: MediaPacket; samples: Sample[] } {
  const parts = new Map<StreamConfig, MediaPacket[]>();
  for (const packet of packets) {
    const part = parts.get(packet.config) ?? [];
    part.push(packet);
    parts.set(packet.config, part);
  }
  const longest = [...parts.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  const firstKey = longest.findIndex(({ key }) => key);
  const start = longest[firstKey];
  if (start === undefined) throw new RangeError('packMp4: no keyframe among the packets');
  // Pictures sent after an open-GOP keyframe but shown before it need a group that is not in the clip.
  const shown = longest.slice(firstKey).filter(({ pts }) => pts >= start.pts);
  return { first: start, samples: timed(shown, start.pts) };
}

/**
 * Decoding times that rise with every packet and are never after the presentation time: RTP carries none. The sorted
 * presentation times serve, earlier by the deepest reordering; muxer and player take the start, dts < 0 for B-frames, from
 * the signed composition offsets.
 */
function timed(packets: readonly MediaPacket[], startPts: number): Sample[] {
  const sorted = packets.map(({ pts }) => pts - startPts).sort((a, b) => a - b);
  // Two pictures of one time (a broken camera clock) are moved apart by a tick.
  for (let i = 1; i < sorted.length; i += 1) sorted[i] = Math.max(sorted[i] ?? 0, (sorted[i - 1] ?? 0) + 1);
  const depth = packets.reduce((most, { pts }, i) => Math.max(most, (sorted[i] ?? 0) - (pts - startPts)), 0);
  return packets.map((packet, i) => {
    const at = sorted[i] ?? 0;
    const before = sorted[i - 1];
    const duration =
      (sorted[i + 1] ?? (before === undefined ? LONE_PICTURE_TICKS : 2 * at - before) + 0) - at;
    return {
      packet,
      pts: packet.pts - startPts,
      dts: at - depth,
      duration: duration > 0 ? duration : LONE_PICTURE_TICKS,
    };
  });
}
