import { lookId } from '../../domain/merge.ts';

/** A look taken by our own schedule: one a camera and due point, whichever process takes it. */
export function dueLookId(cameraId: string, intervalS: number, slot: number): string {
  return lookId(cameraId, new Date(slot * intervalS * 1000), intervalS, 'due');
}
