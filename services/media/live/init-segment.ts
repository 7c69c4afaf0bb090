import { mp4InMemory } from '../mp4-writer.ts';
import type { StreamConfig } from '../packet.ts';

const FLAGS = 'frag_custom+empty_moov+default_base_moof+negative_cts_offsets';

export interface InitSegment {
  /** `ftyp` and `moov`; the track's clock has TICKS_PER_SECOND. */
  bytes: Buffer;
  /** RFC 6381, from the stream's own parameter sets. */
  codecString: string;
}

/** What a player must have before the fragments of a stream. Throws MediaError when FFmpeg refuses the parameter sets. */
export async function initSegment(config: StreamConfig): Promise<InitSegment> {
  const { bytes, codecString } = await mp4InMemory(config, [], FLAGS);
  return { bytes: upToMovie(bytes), codecString };
}

/** The file without what its trailer adds (`mfra`). */
function upToMovie(file: Buffer): Buffer {
  let at = 0;
  while (at + 8 <= file.length) {
    const end = at + file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'moov') return file.subarray(0, end);
    at = Math.max(end, at + 8);
  }
  throw new RangeError('the MP4 header has no movie');
}
