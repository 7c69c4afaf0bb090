import type { LinkState } from '../../media/rtsp/supervisor.ts';

/**
 * Why a camera gives no picture, in plain words for its page. The address is left out: it is known to those who may write it,
 * and to nobody else.
 */
export function causeOf(link: Extract<LinkState, { state: 'offline' }>): string {
  switch (link.cause) {
    case 'unauthorized':
      return 'wrong user or password';
    case 'not_found':
      return 'no such stream';
    case 'timeout':
      return /sent nothing|accepts the connection/.test(link.message)
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
