import {
  AV_OPT_SEARCH_CHILDREN,
  AV_OPT_TYPE_STRING,
  AV_PKT_FLAG_KEY,
  AVFMT_FLAG_CUSTOM_IO,
} from 'node-av/constants';
import { FormatContext, IOContext, Packet, Rational, type Stream } from 'node-av/lib';
import { must } from './av.ts';
import { type MediaPacket, type StreamConfig, TICKS_PER_SECOND } from './packet.ts';
import { codecParametersOf } from './stream-config.ts';

const WRITE_BUFFER_BYTES = 64 * 1024;

/** Sample entry names: with `hvc1` and `avc1` parameter sets stand in the header, as Apple's and Chromium's players want. */
const SAMPLE_ENTRY = { h264: 'avc1', h265: 'hvc1' } as const;

/** One picture of the file; times in ticks from the file's start, `dts` rising and never after `pts`. */
export interface Sample {
  packet: Pick<MediaPacket, 'data' | 'key'>;
  pts: number;
  dts: number;
  duration: number;
}

/**
 * Writes header, samples and trailer of an MP4 with one video stream to an output context that is open. `movflags` are
 * FFmpeg's. Returns the codec string (RFC 6381). Throws MediaError.
 */
export async function writeMp4(
  output: FormatContext,
  config: StreamConfig,
  samples: Iterable<Sample>,
  movflags: string,
): Promise<string> {
  const stream = output.newStream();
  const parameters = codecParametersOf(config.codec, config.parameterSets);
  parameters.codecTag = SAMPLE_ENTRY[config.codec];
  stream.codecpar = parameters;
  stream.timeBase = new Rational(1, TICKS_PER_SECOND);
  const codecString = parameters.getCodecString() ?? SAMPLE_ENTRY[config.codec];
  parameters.free();
  // As options of the muxer, not a Dictionary: node-av 6.1.1 frees one given to FFmpeg's openers a second time.
  must(output.setOption('movflags', movflags, AV_OPT_TYPE_STRING, AV_OPT_SEARCH_CHILDREN), 'MP4 options');
  must(await output.writeHeader(), 'the MP4 header cannot be written');
  for (const sample of samples) await writeSample(output, stream, sample);
  must(await output.writeTrailer(), 'the MP4 cannot be finished');
  return codecString;
}

/** The same, as bytes. Throws MediaError. */
export async function mp4InMemory(
  config: StreamConfig,
  samples: Iterable<Sample>,
  movflags: string,
): Promise<{ bytes: Buffer; codecString: string }> {
  const chunks: Buffer[] = [];
  const output = new FormatContext();
  const io = new IOContext();
  must(output.allocOutputContext2(null, 'mp4', null), 'no MP4 writer');
  try {
    io.allocContextWithCallbacks(WRITE_BUFFER_BYTES, 1, null, (chunk) => {
      chunks.push(Buffer.from(chunk));
      return chunk.length;
    });
    output.pb = io;
    output.setFlags(AVFMT_FLAG_CUSTOM_IO);
    const codecString = await writeMp4(output, config, samples, movflags);
    return { bytes: Buffer.concat(chunks), codecString };
  } finally {
    output.pb = null;
    output.freeContext();
    io.freeContext();
  }
}

async function writeSample(output: FormatContext, stream: Stream, sample: Sample): Promise<void> {
  const { data, key } = sample.packet;
  const packet = new Packet();
  packet.alloc();
  try {
    packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    packet.streamIndex = stream.index;
    packet.pts = BigInt(sample.pts);
    packet.dts = BigInt(sample.dts);
    packet.duration = BigInt(sample.duration);
    if (key) packet.setFlags(AV_PKT_FLAG_KEY);
    // The muxer may have chosen another time base.
    packet.rescaleTs(new Rational(1, TICKS_PER_SECOND), stream.timeBase);
    must(await output.writeFrame(packet), 'a picture cannot be written to the MP4');
  } finally {
    packet.free();
  }
}
