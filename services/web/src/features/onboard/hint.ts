import type { TFunction } from 'i18next';

/** Causes as gateways write them, and the key of what to do about them. */
const KEYS = {
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
  'the gateway is offline': 'gatewayOffline',
  'no picture has come from the box': 'noBoxPicture',
} as const;

/** What somebody at the camera or at the desk can do about it. */
export function hintText(t: TFunction, cause: string): string {
  return t(`onboard.hint.${KEYS[cause as keyof typeof KEYS] ?? 'other'}`);
}
