import { createHash } from 'node:crypto';

/** Lower-case hex SHA-256 of the bytes as they are. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A frame of a look that waits. */
export function spoolFrameKey(lookId: string, hash: string): string {
  return `spool/${lookId}/${hash}.jpg`;
}

export function spoolClipKey(lookId: string, hash: string): string {
  return `spool/${lookId}/${hash}.mp4`;
}

/** Where a spooled object of a finding is kept: the same name below evidence/. @throws RangeError for a key outside spool/ */
export function evidenceKey(spoolKey: string): string {
  if (!spoolKey.startsWith('spool/')) throw new RangeError(`not a spooled object: ${spoolKey}`);
  return `evidence/${spoolKey.slice('spool/'.length)}`;
}

/** A picture that says where a camera shall look. */
export function referenceKey(cameraId: string, hash: string): string {
  return `references/${cameraId}/${hash}.jpg`;
}

/** Last picture of a camera. */
export function pictureKey(cameraId: string): string {
  return `pictures/${cameraId}.jpg`;
}
