/** 核准首帧: what a person approved is what one source shows. From another source it may be another room. */

import { type Actor, may, type Place } from './access.ts';

/** Until a person approved what a camera shows, only those who may approve it see it live. */
export const mayBeSeen = (actor: Actor, camera: Place & { awaits_approval: boolean }): boolean =>
  !camera.awaits_approval || may(actor, 'registry.write', camera);

/** Where a camera's pictures come from. */
export interface PictureSource {
  /** In clear; null: none, or it cannot be read. */
  rtspUrl: string | null;
  /** The smaller stream, which walls show. */
  rtspSubUrl: string | null;
  gatewayId: string | null;
}

const RTSP_PORT = '554';

/**
 * Whether another picture may come from there. User and password do not count: they are changed every few months, and the camera stays
 * where it is. Host, port, path and query do: another channel of a recorder is another camera. A sub-stream that is taken away shows
 * nothing, and the first one of a camera is taken for the camera's own where it is on the host of the main stream: a county adds
 * them to cameras that are long approved.
 */
export function isOtherSource(before: PictureSource, after: PictureSource): boolean {
  if (before.gatewayId !== after.gatewayId) return true;
  if (placeOf(before.rtspUrl) !== placeOf(after.rtspUrl)) return true;
  const [subBefore, sub] = [placeOf(before.rtspSubUrl), placeOf(after.rtspSubUrl)];
  if (sub === undefined || sub === subBefore) return false;
  return subBefore !== undefined || hostOf(after.rtspSubUrl) !== hostOf(after.rtspUrl);
}

function placeOf(url: string | null): string | undefined {
  if (url === null) return undefined;
  const { pathname = '', search = '' } = URL.parse(url) ?? {};
  return `${hostOf(url)}${pathname}${search}`;
}

function hostOf(url: string | null): string {
  const { hostname = '', port = '' } = (url === null ? null : URL.parse(url)) ?? {};
  return `${hostname.toLowerCase()}:${port || RTSP_PORT}`;
}

/** Milliseconds after a change within which a gateway may still send what the source before showed. */
export const STILL_OLD_MS = 10_000;

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
