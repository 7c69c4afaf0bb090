import {
  AVERROR_EOF,
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_HTTP_SERVER_ERROR,
  AVERROR_HTTP_TOO_MANY_REQUESTS,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
} from 'node-av/constants';
import type { RtspAddress } from './address.ts';
import { diagnose } from './diagnose.ts';
import { RtspError } from './error.ts';

/** How long a failed connection may be looked into, in milliseconds. */
const DIAGNOSE_WITHIN_MS = 3000;

/** Why opening failed, from FFmpeg's code; asks the network where the code says nothing. */
export async function connectFailure(code: number, address: RtspAddress): Promise<RtspError> {
  const { shown } = address;
  switch (code) {
    case AVERROR_HTTP_UNAUTHORIZED:
      return new RtspError('unauthorized', `${shown}: wrong or missing user or password`);
    case AVERROR_HTTP_FORBIDDEN:
      return new RtspError('unauthorized', `${shown}: this account may not watch the stream`);
    case AVERROR_HTTP_NOT_FOUND:
      return new RtspError('not_found', `${shown}: the camera knows no such path`);
    case AVERROR_HTTP_BAD_REQUEST:
    case AVERROR_HTTP_TOO_MANY_REQUESTS:
    case AVERROR_HTTP_OTHER_4XX:
    case AVERROR_HTTP_SERVER_ERROR:
      return new RtspError('refused', `${shown}: the camera declines to serve the stream`);
    default:
      return diagnose(address, DIAGNOSE_WITHIN_MS);
  }
}

/** Why reading ended, from FFmpeg's code. */
export function readFailure(code: number, { shown }: RtspAddress): RtspError {
  if (code === AVERROR_EOF) return new RtspError('ended', `${shown}: the camera ended the stream`);
  if (code === AVERROR_INVALIDDATA) {
    return new RtspError('corrupt', `${shown}: the stream cannot be read any more`);
  }
  return new RtspError('ended', `${shown}: the connection broke off`);
}
