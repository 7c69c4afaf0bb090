import { H264_SPS, nalType, nalUnits } from './nal.ts';

/** Profiles whose SPS carries chroma format and scaling lists (ITU-T H.264 §7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const MACROBLOCK_PX = 16;

/**
 * Picture size in pixels, cropping applied, from the first SPS among Annex B parameter sets; null when there is none or it
 * cannot be read. Own code, since node-av 6.1.1's parseExtradata leaves the size of some streams at 0 (320×180).
 */
export function h264Size(parameterSets: Uint8Array): { width: number; height: number } | null {
  for (const unit of nalUnits(parameterSets)) {
    if (nalType('h264', unit) !== H264_SPS) continue;
    try {
      return readSize(new BitReader(withoutEmulation(unit.subarray(1))));
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }
  return null;
}

/** seq_parameter_set_data up to the cropping rectangle, §7.3.2.1.1; names are the standard's. */
function readSize(bits: BitReader): { width: number; height: number } {
  const profileIdc = bits.u(8);
  bits.u(16); // constraint flags, level_idc
  bits.ue(); // seq_parameter_set_id
  const chromaFormatIdc = HIGH_PROFILES.has(profileIdc) ? readHighProfile(bits) : 1;
  bits.ue(); // log2_max_frame_num_minus4
  skipPicOrderCount(bits);
  bits.ue(); // max_num_ref_frames
  bits.u(1); // gaps_in_frame_num_value_allowed_flag
  const widthInMbs = bits.ue() + 1;
  const heightInMapUnits = bits.ue() + 1;
  const frameMbsOnly = bits.u(1);
  if (frameMbsOnly === 0) bits.u(1); // mb_adaptive_frame_field_flag
  bits.u(1); // direct_8x8_inference_flag
  const crop = bits.u(1) === 1 ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  // CropUnitX and CropUnitY, §7.4.2.1.1: 4:2:0 halves both, 4:2:2 the width only; fields double the height.
  const unitX = chromaFormatIdc === 1 || chromaFormatIdc === 2 ? 2 : 1;
  const unitY = (chromaFormatIdc === 1 ? 2 : 1) * (2 - frameMbsOnly);
  return {
    width: widthInMbs * MACROBLOCK_PX - unitX * (left + right),
    height: (2 - frameMbsOnly) * heightInMapUnits * MACROBLOCK_PX - unitY * (top + bottom),
  };
}

/** Returns chroma_format_idc. */
function readHighProfile(bits: BitReader): number {
  const chromaFormatIdc = bits.ue();
  if (chromaFormatIdc === 3) bits.u(1); // separate_colour_plane_flag
  bits.ue(); // bit_depth_luma_minus8
  bits.ue(); // bit_depth_chroma_minus8
  bits.u(1); // qpprime_y_zero_transform_bypass_flag
  if (bits.u(1) === 1) {
    const lists = chromaFormatIdc === 3 ? 12 : 8;
    for (let i = 0; i < lists; i += 1) if (bits.u(1) === 1) skipScalingList(bits, i < 6 ? 16 : 64);
  }
  return chromaFormatIdc;
}

function skipScalingList(bits: BitReader, size: number): void {
  let next = 8;
  for (let i = 0, last = 8; i < size && next !== 0; i += 1) {
    next = (last + bits.se() + 256) % 256;
    last = next === 0 ? last : next;
  }
}

function skipPicOrderCount(bits: BitReader): void {
  const type = bits.ue();
  if (type === 0) {
    bits.ue(); // log2_max_pic_order_cnt_lsb_minus4
  } else if (type === 1) {
    bits.u(1);
    bits.se();
    bits.se();
    for (let left = bits.ue(); left > 0; left -= 1) bits.se();
  }
}

/** Drops emulation_prevention_three_byte: 00 00 03 → 00 00 (§7.4.1). */
function withoutEmulation(unit: Uint8Array): Uint8Array {
  return unit.filter((byte, i) => !(byte === 3 && i >= 2 && unit[i - 1] === 0 && unit[i - 2] === 0));
}

/** Bits from the front; throws RangeError behind the end. */
class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Unsigned number of `count` bits. */
  u(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1, this.#at += 1) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new RangeError('the parameter set ends early');
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  /** Unsigned Exp-Golomb, §9.1. */
  ue(): number {
    let zeros = 0;
    while (this.u(1) === 0) zeros += 1;
    if (zeros > 31) throw new RangeError('the parameter set is broken');
    return 2 ** zeros - 1 + this.u(zeros);
  }

  /** Signed Exp-Golomb, §9.1.1. */
  se(): number {
    const code = this.ue();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }
}
