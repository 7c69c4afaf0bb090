import type { TFunction } from 'i18next';

/** Causes as gateways write them, and the key of their text. */
const KEYS = {
  'outside opening hours': 'closed',
  'the gateway is offline': 'gatewayOffline',
  'the picture does not change': 'sameFrame',
  'the picture is black': 'black',
  'the lens is covered': 'covered',
  'the picture is blurred': 'blurred',
  'the camera looks elsewhere than approved': 'moved',
  'wrong user or password': 'unauthorized',
  'no such stream': 'noStream',
  'the server accepts but sends nothing': 'silent',
  'the server does not answer': 'noAnswer',
  'the server refuses the connection': 'refused',
  'the server cannot be reached': 'unreachable',
  'the stream has no video': 'noVideo',
  'the video is neither H.264 nor H.265': 'codec',
  'the stream cannot be read': 'corrupt',
  'the stream cannot be decoded': 'undecodable',
  'the server ended the stream': 'ended',
  'no picture has come from the box': 'noBoxPicture',
} as const;

/** The cause of a camera's state in the language on screen; one that is not known here is named as such, never in the gateway's English. `#` stands for any seconds. */
export function causeText(t: TFunction, cause: string): string {
  const silence = /^no picture for (\d+) s$/.exec(cause);
  if (silence !== null) return t('cause.noPicture', { count: Number(silence[1]) });
  if (cause === 'no picture for # s') return t('cause.noPictureLong');
  if (cause === "the device's clock is # s behind") return t('cause.clockSlow');
  if (cause === "the device's clock is # s ahead") return t('cause.clockFast');
  const clock = /^the device's clock is (\d+) s (behind|ahead)$/.exec(cause);
  if (clock !== null) {
    return t(clock[2] === 'behind' ? 'cause.clockBehind' : 'cause.clockAhead', { count: Number(clock[1]) });
  }
  return cause in KEYS ? t(`cause.${KEYS[cause as keyof typeof KEYS]}`) : t('cause.other');
}
