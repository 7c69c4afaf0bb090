/** The video codecs that are taken from cameras. */
export type VideoCodec = 'h264' | 'h265';

/** Ticks of `pts` a second: RTP's video clock. */
export const TICKS_PER_SECOND = 90_000;

/**
 * What a decoder or an MP4 header must know. A camera that changes its resolution sends new parameter sets: that is a new
 * StreamConfig object, so two packets belong together exactly when their `config` is the same object.
 */
export interface StreamConfig {
  readonly codec: VideoCodec;
  /** Pixels; 0 when the camera's parameter sets could not be read. */
  readonly width: number;
  readonly height: number;
  /** (VPS,) SPS and PPS in Annex B form (start codes). */
  readonly parameterSets: Uint8Array;
}

/** One compressed picture as the camera sent it. Plain data owned by JavaScript: needs no freeing, may cross threads. */
export interface MediaPacket {
  readonly config: StreamConfig;
  /** Annex B (start codes), one access unit. */
  readonly data: Uint8Array;
  /** Decoding can start here. */
  readonly key: boolean;
  /** Presentation time in TICKS_PER_SECOND, continuous over jumps of the camera's clock; packets come in decoding order. */
  readonly pts: number;
  /** Our wall clock at presentation, Unix milliseconds. */
  readonly wallMs: number;
}
