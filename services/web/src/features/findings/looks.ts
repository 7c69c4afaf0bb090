import type { Evidence } from '../../api/finding-types.ts';
import type { KindCode } from '../../api/types.ts';

/** The frames of one look in time order, and its clip. */
export interface EvidenceLook {
  /** Id of the look. */
  id: string;
  frames: Evidence[];
  clip: Evidence | null;
}

/**
 * Groups a finding's evidence (in the order it was taken) into looks. Only boxes of the finding's own kind are kept: what the
 * same heads say of another kind has a card of its own.
 */
export function looksOf(evidence: readonly Evidence[], kind: KindCode): EvidenceLook[] {
  const looks = new Map<string, EvidenceLook>();
  for (const one of evidence) {
    const look = looks.get(one.lookId) ?? { id: one.lookId, frames: [], clip: null };
    looks.set(one.lookId, look);
    const detections = one.detections.filter((detection) => detection.kind === kind);
    if (one.kind === 'frame') look.frames.push({ ...one, detections });
    else look.clip = one;
  }
  return [...looks.values()];
}

/** Pixels of a frame; those of a usual camera when they are not known. */
export function sizeOf(frame: Evidence): { width: number; height: number } {
  return { width: frame.width ?? 1280, height: frame.height ?? 720 };
}
