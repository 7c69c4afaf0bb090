import { nalUnits } from '../nal.ts';
import type { MediaPacket } from '../packet.ts';

/**
 * One movie fragment (`moof` + `mdat`) of a stream with one video track, written by hand: for live pictures each call to FFmpeg's muxer
 * would be a turn of libuv's pool, which the RTSP sessions hold. Clause numbers are those of ISO/IEC 14496-12.
 */

/** The only track of the initialization segment (init-segment.ts). */
const TRACK_ID = 1;
/** 8.8.7: `default-base-is-moof`. */
const TFHD_FLAGS = 0x02_00_00;
/** 8.8.8: data offset, and of each sample duration, size, flags and composition offset. */
const TRUN_FLAGS = 0x00_00_01 | 0x00_01_00 | 0x00_02_00 | 0x00_04_00 | 0x00_08_00;
/** 8.8.3.1: depends on no other; depends on others and is no sync sample. */
const SYNC_SAMPLE = 0x02_00_00_00;
const OTHER_SAMPLE = 0x01_01_00_00;
const TRUN_SAMPLE_BYTES = 16;
const BOX_BYTES = 8;
/** Bytes before each NAL unit, as the initialization segment says. */
const LENGTH_BYTES = 4;

/** A picture with its times in ticks of the track; `dts` rises from sample to sample. */
export interface LiveSample {
  packet: Pick<MediaPacket, 'data' | 'key'>;
  pts: number;
  dts: number;
  duration: number;
}

/** @param sequence rises by one from fragment to fragment */
export function movieFragment(sequence: number, samples: readonly LiveSample[]): Buffer {
  const pictures = samples.map(({ packet }) => lengthPrefixed(packet.data));
  const run = trackRun(samples, pictures);
  const moof = box(
    'moof',
    box('mfhd', u32(0), u32(sequence)),
    box(
      'traf',
      box('tfhd', u32(TFHD_FLAGS), u32(TRACK_ID)),
      // Version 1: 64 bits (8.8.12).
      box('tfdt', u32(0x01_00_00_00), u64(samples[0]?.dts ?? 0)),
      run.box,
    ),
  );
  // From the start of `moof` to the first byte in `mdat`.
  moof.writeInt32BE(moof.length + BOX_BYTES, moof.length - run.box.length + run.dataOffsetAt);
  return Buffer.concat([moof, box('mdat', ...pictures)]);
}

function trackRun(
  samples: readonly LiveSample[],
  pictures: readonly Buffer[],
): { box: Buffer; dataOffsetAt: number } {
  const table = Buffer.alloc(samples.length * TRUN_SAMPLE_BYTES);
  for (const [i, { packet, pts, dts, duration }] of samples.entries()) {
    const at = i * TRUN_SAMPLE_BYTES;
    table.writeUInt32BE(duration, at);
    table.writeUInt32BE(pictures[i]?.length ?? 0, at + 4);
    table.writeUInt32BE(packet.key ? SYNC_SAMPLE : OTHER_SAMPLE, at + 8);
    // Signed in version 1.
    table.writeInt32BE(pts - dts, at + 12);
  }
  const head = [u32(0x01_00_00_00 | TRUN_FLAGS), u32(samples.length)];
  return { box: box('trun', ...head, u32(0), table), dataOffsetAt: BOX_BYTES + 8 };
}

/** Start codes become lengths (ISO/IEC 14496-15, 5.3.2). */
export function lengthPrefixed(annexB: Uint8Array): Buffer {
  const units = [...nalUnits(annexB)];
  const out = Buffer.allocUnsafe(units.reduce((sum, unit) => sum + LENGTH_BYTES + unit.length, 0));
  let at = 0;
  for (const unit of units) {
    at = out.writeUInt32BE(unit.length, at);
    out.set(unit, at);
    at += unit.length;
  }
  return out;
}

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const size = parts.reduce((sum, part) => sum + part.length, BOX_BYTES);
  const head = Buffer.alloc(BOX_BYTES);
  head.writeUInt32BE(size);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...parts], size);
}

function u32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

function u64(value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(value));
  return out;
}
