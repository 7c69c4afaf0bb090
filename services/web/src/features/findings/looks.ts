import type { Evidence } from '../../api/types.ts';

/** The frames of one look in time order, and its clip. */
export interface EvidenceLook {
  /** Id of its first piece of evidence. */
  id: string;
  frames: Evidence[];
  clip: Evidence | null;
}

/** Milliseconds. Frames of a look follow each other within seconds; the next look comes later than this. */
const GAP_MS = 15_000;

const timeOf = (evidence: Evidence): number => Date.parse(evidence.capturedAt);

/** Milliseconds between a clip and a look; 0 when the clip was running. */
function distance(clip: Evidence, look: EvidenceLook): number {
  const [first, last] = [look.frames[0], look.frames.at(-1)];
  if (first === undefined || last === undefined) return 0;
  const end = clip.to === null ? timeOf(clip) : Date.parse(clip.to);
  return Math.max(0, timeOf(first) - end, timeOf(clip) - timeOf(last));
}

/** Groups a finding's evidence (in the order it was taken) into looks; each clip joins the look it was cut around. */
export function looksOf(evidence: readonly Evidence[]): EvidenceLook[] {
  const looks: EvidenceLook[] = [];
  for (const frame of evidence.filter(({ kind }) => kind === 'frame')) {
    const look = looks.at(-1);
    const before = look?.frames.at(-1);
    if (look !== undefined && before !== undefined && timeOf(frame) - timeOf(before) < GAP_MS)
      look.frames.push(frame);
    else looks.push({ id: frame.id, frames: [frame], clip: null });
  }
  for (const clip of evidence.filter(({ kind }) => kind === 'clip')) {
    const nearest = looks
      .filter((look) => look.clip === null)
      .sort((a, b) => distance(clip, a) - distance(clip, b))[0];
    if (nearest === undefined) looks.push({ id: clip.id, frames: [], clip });
    else nearest.clip = clip;
  }
  return looks;
}

/** Pixels of a frame; those of a usual camera when they are not known. */
export function sizeOf(frame: Evidence): { width: number; height: number } {
  return { width: frame.width ?? 1280, height: frame.height ?? 720 };
}
