import { type MediaPacket, TICKS_PER_SECOND } from '../packet.ts';
import { type LiveSample, movieFragment } from './fragment.ts';

/** Longest fragment, in ticks, but for its last picture: what a viewer is behind for certain. */
const LONGEST_TICKS = 0.4 * TICKS_PER_SECOND;
/** Longest distance of two pictures that is believed; cameras slow down at night, but not below this. */
const LONGEST_PICTURE_TICKS = 2 * TICKS_PER_SECOND;

/** What cannot be seen from a single packet; worked out from those that came before (streamShape). */
export interface StreamShape {
  /** How many pictures are sent before one that is shown earlier; 0 for most cameras. */
  depth: number;
  /** Distance of two pictures, in ticks. */
  pictureTicks: number;
}

/** Of a stream of which only one picture is known: 25 a second. */
const LONE_PICTURE_TICKS = TICKS_PER_SECOND / 25;

export interface LiveFragment {
  bytes: Buffer;
  /** Decoding can start here. */
  key: boolean;
  /** Wall clock of its newest picture, Unix milliseconds. */
  wallMs: number;
  /** Where its newest picture ends, in seconds of the stream's own time. */
  endS: number;
}

/**
 * Cuts a camera's packets into fragments of at most half a second, each keyframe beginning one. A picture is held back until the next
 * one says how long it lasts. RTP carries no decoding times: with pictures out of order they are the presentation times in order,
 * earlier by the deepest reordering, so that none is after its presentation.
 */
export class Fragmenter {
  readonly #startPts: number;
  readonly #shape: StreamShape;
  readonly #onFragment: (fragment: LiveFragment) => void;
  /** Presentation times that are no decoding time yet, rising. */
  #ahead: number[] = [];
  #pending: (LiveSample & { wallMs: number })[] = [];
  #held: { packet: MediaPacket; pts: number; dts: number } | undefined;
  #lastDts = Number.NEGATIVE_INFINITY;
  #sequence = 0;

  constructor(first: MediaPacket, shape: StreamShape, onFragment: (fragment: LiveFragment) => void) {
    this.#startPts = first.pts;
    this.#shape = shape;
    this.#onFragment = onFragment;
  }

  /** Packets of one StreamConfig, in decoding order, from a keyframe on. */
  push(packet: MediaPacket): void {
    // A second of room, so that no time is below 0.
    const pts = packet.pts - this.#startPts + TICKS_PER_SECOND;
    // Pictures sent after an open-GOP keyframe but shown before it need a group that the viewer does not have.
    if (pts < TICKS_PER_SECOND) return;
    const dts = this.#decodingTime(pts);
    const held = this.#held;
    this.#held = { packet, pts, dts };
    if (held === undefined) return;
    const duration = Math.min(dts - held.dts, LONGEST_PICTURE_TICKS);
    const { key, wallMs, data } = held.packet;
    this.#pending.push({ packet: { data, key }, pts: held.pts, dts: held.dts, duration, wallMs });
    const begun = this.#pending[0]?.dts ?? dts;
    if (packet.key || dts - begun >= LONGEST_TICKS) this.#cut();
  }

  #decodingTime(pts: number): number {
    const { depth, pictureTicks } = this.#shape;
    const at = this.#ahead.findIndex((other) => other > pts);
    this.#ahead.splice(at === -1 ? this.#ahead.length : at, 0, pts);
    // The first ones are decoded before anything is shown.
    const early = TICKS_PER_SECOND - (depth + 1 - this.#ahead.length) * pictureTicks;
    const next = this.#ahead.length > depth ? (this.#ahead.shift() ?? pts) : Math.max(0, early);
    this.#lastDts = Math.max(next, this.#lastDts + 1);
    return this.#lastDts;
  }

  #cut(): void {
    const samples = this.#pending;
    this.#pending = [];
    this.#sequence += 1;
    this.#onFragment({
      bytes: movieFragment(this.#sequence, samples),
      key: samples[0]?.packet.key ?? false,
      wallMs: samples.reduce((newest, one) => Math.max(newest, one.wallMs), 0),
      endS: samples.reduce((end, one) => Math.max(end, one.pts + one.duration), 0) / TICKS_PER_SECOND,
    });
  }
}

/** @param packets some seconds of a stream, in decoding order */
export function streamShape(packets: readonly MediaPacket[]): StreamShape {
  let depth = 0;
  for (const [i, { pts }] of packets.entries()) {
    let later = 0;
    for (let j = i - 1; j >= 0 && (packets[j]?.pts ?? pts) > pts; j -= 1) later += 1;
    depth = Math.max(depth, later);
  }
  const times = packets.map(({ pts }) => pts);
  const span = Math.max(...times) - Math.min(...times);
  const pictureTicks = packets.length < 2 ? LONE_PICTURE_TICKS : Math.round(span / (packets.length - 1));
  return { depth, pictureTicks: Math.min(pictureTicks, LONGEST_PICTURE_TICKS) };
}
