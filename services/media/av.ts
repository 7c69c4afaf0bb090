import { AV_LOG_QUIET, AVERROR_EOF } from 'node-av/constants';
import { FFmpegError, Log, PosixError } from 'node-av/lib';

const AVERROR_EAGAIN = FFmpegError.AVERROR(PosixError.EAGAIN);

// FFmpeg logs to stderr and its lines hold whole addresses, passwords included. What matters is returned as a code.
Log.setLevel(AV_LOG_QUIET);

/** A fault of FFmpeg that has no better name. `code` is the AVERROR, negative. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: number;
  constructor(what: string, code: number) {
    super(`${what}: ${FFmpegError.strerror(code)}`);
    this.code = code;
  }
}

/** Returns the code of a call that went well, throws MediaError when it is negative. */
export function must(code: number, what: string): number {
  if (code < 0) throw new MediaError(what, code);
  return code;
}

/** True when a decoder or encoder has nothing to give now: it wants more input, or is drained. */
export function isDry(code: number): boolean {
  return code === AVERROR_EAGAIN || code === AVERROR_EOF;
}
