import type { VideoCodec } from './packet.ts';

/** Length of a start code without its optional leading zero. */
const START_CODE_BYTES = 3;

/** ITU-T H.264 table 7-1 and H.265 table 7-1. */
export const H264_SPS = 7;
const H264_PPS = 8;
const H265_VPS = 32;
const H265_SPS = 33;
const H265_PPS = 34;

/** The NAL units of Annex B bytes, without start codes, as views. Bytes before the first start code are skipped. */
export function* nalUnits(annexB: Uint8Array): Generator<Uint8Array> {
  let from = nextStartCode(annexB, 0);
  while (from !== -1) {
    const start = from + START_CODE_BYTES;
    const next = nextStartCode(annexB, start);
    let end = next === -1 ? annexB.length : next;
    // A four-byte start code's leading zero, and trailing_zero_8bits, belong to no unit (B.1.1).
    while (end > start && annexB[end - 1] === 0) end -= 1;
    if (end > start) yield annexB.subarray(start, end);
    from = next;
  }
}

/**
 * The parameter sets an access unit carries before its pictures, in Annex B form, or null when it has no SPS. They stand
 * before the first slice, so the large slices are not searched.
 */
export function parameterSetsOf(codec: VideoCodec, accessUnit: Uint8Array): Uint8Array | null {
  const sets: Uint8Array[] = [];
  let hasSps = false;
  for (const unit of nalUnitsBeforeSlices(codec, accessUnit)) {
    const type = nalType(codec, unit);
    if (!isParameterSet(codec, type)) continue;
    if (type === (codec === 'h264' ? H264_SPS : H265_SPS)) hasSps = true;
    sets.push(unit);
  }
  return hasSps ? annexBOf(sets) : null;
}

/** Joins NAL units with four-byte start codes. */
export function annexBOf(units: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(units.reduce((sum, unit) => sum + unit.length + 4, 0));
  let at = 0;
  for (const unit of units) {
    out[at + 3] = 1;
    out.set(unit, at + 4);
    at += unit.length + 4;
  }
  return out;
}

/** nal_unit_type of a unit without its start code; -1 for an empty one. */
export function nalType(codec: VideoCodec, unit: Uint8Array): number {
  const first = unit[0];
  if (first === undefined) return -1;
  return codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
}

function isParameterSet(codec: VideoCodec, type: number): boolean {
  if (codec === 'h264') return type === H264_SPS || type === H264_PPS;
  return type === H265_VPS || type === H265_SPS || type === H265_PPS;
}

/** VCL units: H.264 types 1 to 5, H.265 types 0 to 31. */
function isSlice(codec: VideoCodec, type: number): boolean {
  return codec === 'h264' ? type >= 1 && type <= 5 : type >= 0 && type <= 31;
}

function* nalUnitsBeforeSlices(codec: VideoCodec, accessUnit: Uint8Array): Generator<Uint8Array> {
  let from = nextStartCode(accessUnit, 0);
  while (from !== -1) {
    const start = from + START_CODE_BYTES;
    if (isSlice(codec, nalType(codec, accessUnit.subarray(start, start + 1)))) return;
    const next = nextStartCode(accessUnit, start);
    let end = next === -1 ? accessUnit.length : next;
    while (end > start && accessUnit[end - 1] === 0) end -= 1;
    if (end > start) yield accessUnit.subarray(start, end);
    from = next;
  }
}

/** Index of the next 00 00 01 at or after `from`, or -1. */
function nextStartCode(bytes: Uint8Array, from: number): number {
  for (let one = bytes.indexOf(1, from + 2); one !== -1; one = bytes.indexOf(1, one + 1)) {
    if (bytes[one - 1] === 0 && bytes[one - 2] === 0) return one - 2;
  }
  return -1;
}
