import type { Evidence, FindingDetail } from '../../api/finding-types.ts';

/** The frames of one look in time order, and its clip. */
export interface EvidenceLook {
  /** Id of the look. */
  id: string;
  frames: Evidence[];
  /** Address of all frames side by side. */
  strip: string | undefined;
  clip: Evidence | null;
}

/**
 * Groups a finding's evidence (in the order it was taken) into looks. Only boxes of the finding's own kind are kept: what the
 * same heads say of another kind has a card of its own.
 */
export function looksOf({ evidence, strips, kind }: FindingDetail): EvidenceLook[] {
  const looks = new Map<string, EvidenceLook>();
  for (const one of evidence) {
    const look = looks.get(one.lookId) ?? { id: one.lookId, frames: [], strip: undefined, clip: null };
    looks.set(one.lookId, look);
    const detections = one.detections.filter((detection) => detection.kind === kind);
    if (one.kind === 'frame') look.frames.push({ ...one, detections });
    else look.clip = one;
  }
  for (const { lookId, url, frames } of strips) {
    const look = looks.get(lookId);
    // One frame alone is a picture; a strip that shows others than these would be no help.
    if (look !== undefined && frames > 1 && look.frames.length === frames) look.strip = url;
  }
  return [...looks.values()];
}

/** Pixels of a frame; those of a usual camera when they are not known. */
export function sizeOf(frame: Evidence): { width: number; height: number } {
  return { width: frame.width ?? 1280, height: frame.height ?? 720 };
}
