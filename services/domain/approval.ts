/** 核准首帧: what a person approved is what one source shows. From another source it may be another room. */

import { type Actor, may, type Place } from './access.ts';

/** Until a person approved what a camera shows, only those who may approve it see it live. */
export const mayBeSeen = (actor: Actor, camera: Place & { awaits_approval: boolean }): boolean =>
  !camera.awaits_approval || may(actor, 'registry.write', camera);

/** Where a camera's pictures come from. */
export interface PictureSource {
  /** In clear; null: none, or it cannot be read. */
  rtspUrl: string | null;
  gatewayId: string | null;
}

const RTSP_PORT = '554';

/**
 * Whether another picture may come from there. User and password do not count: they are changed every few months, and the camera stays
 * where it is. Host, port, path and query do: another channel of a recorder is another camera.
 */
export function isOtherSource(before: PictureSource, after: PictureSource): boolean {
  if (before.gatewayId !== after.gatewayId) return true;
  if (before.rtspUrl === after.rtspUrl) return false;
  if (before.rtspUrl === null || after.rtspUrl === null) return true;
  return placeOf(before.rtspUrl) !== placeOf(after.rtspUrl);
}

function placeOf(url: string): string {
  const { hostname = '', port = '', pathname = '', search = '' } = URL.parse(url) ?? {};
  return `${hostname.toLowerCase()}:${port || RTSP_PORT}${pathname}${search}`;
}

/** Milliseconds after a change within which a gateway may still send what the source before showed. */
const STILL_OLD_MS = 10_000;

/**
 * Whether a picture shows what the source shows now. A test that was asked for after the change went to the new source; of the pictures
 * that come by themselves the first seconds may be old.
 */
export function showsSource(
  picture: { at: Date; testAskedAt?: Date },
  sourceChangedAt: Date | null,
): boolean {
  if (sourceChangedAt === null) return true;
  if (picture.testAskedAt !== undefined) return picture.testAskedAt.getTime() >= sourceChangedAt.getTime();
  return picture.at.getTime() > sourceChangedAt.getTime() + STILL_OLD_MS;
}
