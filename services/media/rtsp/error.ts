/** Why a camera gives no video. Closed set: the gateway's page, metrics and back-off speak in these words. */
export const RTSP_ERROR_KINDS = [
  'unauthorized', // wrong or missing user or password (401, 403)
  'not_found', // the camera knows no such path (404)
  'timeout', // nothing came in time: at connecting or in the middle of the stream
  'refused', // nobody listens there, or the camera declines to serve (other 4xx, 5xx, connection closed at once)
  'unreachable', // no route, name not found
  'no_video', // the stream has no video
  'unsupported_codec', // video, but neither H.264 nor H.265
  'corrupt', // what is sent is not RTSP or cannot be read
  'ended', // the camera ended the stream or the connection
] as const;
export type RtspErrorKind = (typeof RTSP_ERROR_KINDS)[number];

/** `message` is one plain sentence for people; it names host, port and path, never user or password. */
export class RtspError extends Error {
  override readonly name = 'RtspError';
  readonly kind: RtspErrorKind;
  constructor(kind: RtspErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
