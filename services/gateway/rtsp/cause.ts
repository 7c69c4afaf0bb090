import { parseRtspUrl } from '../../media/rtsp/address.ts';
import { diagnose } from '../../media/rtsp/diagnose.ts';
import type { RtspErrorKind } from '../../media/rtsp/error.ts';

/** Milliseconds for asking a camera that let the time pass whether anybody is there at all. */
const ASK_MS = 3_000;

const SILENT = /sent nothing|accepts the connection/;

/**
 * Why a camera gives no picture, in plain words for its page. The address is left out: it is known to those who may write it,
 * and to nobody else.
 */
export function causeOf(link: { cause: RtspErrorKind; message: string }): string {
  switch (link.cause) {
    case 'unauthorized':
      return 'wrong user or password';
    case 'not_found':
      return 'no such stream';
    case 'timeout':
      return SILENT.test(link.message)
        ? 'the server accepts but sends nothing'
        : 'the server does not answer';
    case 'refused':
      return 'the server refuses the connection';
    case 'unreachable':
      return 'the server cannot be reached';
    case 'no_video':
      return 'the stream has no video';
    case 'unsupported_codec':
      return 'the video is neither H.264 nor H.265';
    case 'corrupt':
      return 'the stream cannot be read';
    case 'ended':
      return 'the server ended the stream';
  }
}

/** A time-out while connecting: is the machine gone, or does it accept the connection and then say nothing? */
export async function causeOfTimeout(url: string): Promise<string> {
  const { message } = await diagnose(parseRtspUrl(url), ASK_MS);
  return causeOf({ cause: 'timeout', message });
}
