import { AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AVMEDIA_TYPE_VIDEO } from 'node-av/constants';
import { Codec, CodecContext, CodecParameters } from 'node-av/lib';
import { MediaError } from './av.ts';
import { h264Size } from './h264-sps.ts';
import type { StreamConfig, VideoCodec } from './packet.ts';

type CodecId = Parameters<typeof Codec.findDecoder>[0];

/** FFmpeg's number of a codec. */
function codecIdOf(codec: VideoCodec): CodecId {
  return codec === 'h264' ? AV_CODEC_ID_H264 : AV_CODEC_ID_HEVC;
}

/** Our word for FFmpeg's number; null for a codec that is not taken from cameras (MJPEG, MPEG-4, …). */
export function videoCodecOf(id: number): VideoCodec | null {
  if (id === AV_CODEC_ID_H264) return 'h264';
  return id === AV_CODEC_ID_HEVC ? 'h265' : null;
}

/** FFmpeg's description of a stream with these parameter sets, sizes filled in. The caller frees it. */
export function codecParametersOf(codec: VideoCodec, parameterSets: Uint8Array): CodecParameters {
  const parameters = new CodecParameters();
  parameters.alloc();
  parameters.codecType = AVMEDIA_TYPE_VIDEO;
  parameters.codecId = codecIdOf(codec);
  if (parameterSets.length > 0) parameters.extradata = Buffer.from(parameterSets);
  if (codec === 'h264') {
    parameters.parseExtradata(); // profile and level; its size is not reliable
    const size = h264Size(parameterSets);
    parameters.width = size?.width ?? 0;
    parameters.height = size?.height ?? 0;
  } else {
    readH265Size(parameters);
  }
  return parameters;
}

/** A StreamConfig with the picture size read from the parameter sets; 0×0 when they are missing or broken. */
export function streamConfig(codec: VideoCodec, parameterSets: Uint8Array): StreamConfig {
  const parameters = codecParametersOf(codec, parameterSets);
  try {
    return { codec, parameterSets, width: parameters.width, height: parameters.height };
  } finally {
    parameters.free();
  }
}

/** node-av's parseExtradata knows no H.265 (AVERROR(ENOSYS)); opening the decoder reads the SPS, in 0.1 ms. */
function readH265Size(parameters: CodecParameters): void {
  try {
    const context = openDecoder(parameters);
    parameters.fromContext(context);
    context.freeContext();
  } catch (error) {
    // Broken parameter sets: the size stays 0, a later keyframe may bring better ones.
    if (!(error instanceof MediaError)) throw error;
  }
}

/**
 * A decoder for a stream, by default with one thread: frame threads hold pictures back, and cores are shared between cameras.
 * The caller frees it. Throws MediaError when the stream's description is refused.
 */
export function openDecoder(parameters: CodecParameters, threads = 1): CodecContext {
  const decoder = Codec.findDecoder(parameters.codecId);
  if (decoder === null) throw new MediaError(`no decoder for codec ${parameters.codecId}`, -1);
  const context = new CodecContext();
  context.allocContext3(decoder);
  context.parametersToContext(parameters);
  context.threadCount = threads;
  const code = context.open2Sync(decoder);
  if (code < 0) {
    context.freeContext();
    throw new MediaError('the decoder refused the stream', code);
  }
  return context;
}
