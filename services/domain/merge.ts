import { createHash } from 'node:crypto';
import type { KindCode } from './words.ts';

/**
 * Many looks, one finding. A look joins the finding of the same camera, zone and kind whose first look lies within the
 * merge window before or after it; otherwise it opens a new one.
 */
export function joins(firstSeen: Date, at: Date, mergeWindowMin: number): boolean {
  return Math.abs(at.getTime() - firstSeen.getTime()) < mergeWindowMin * 60_000;
}

/** What became of a finding: nothing yet (or its task still runs), dismissed, or over at a time (task ended, or never judged). */
export type Fate = 'open' | 'dismissed' | { endedAt: Date };

/** Minutes from its first look in which a dismissed finding keeps further looks quiet. */
const DISMISSED_QUIET_MIN = 30;

/**
 * Whether a finding takes a look in. What a task has settled takes in nothing later: seen again after closure is a recurrence.
 * A dismissed one keeps the desk from the same card again and again, but for half an hour at most: a bag dismissed in the
 * evening must not hide the rat of that night (rodents merge over 12 hours).
 */
export function takesIn(finding: { firstSeen: Date; fate: Fate }, at: Date, mergeWindowMin: number): boolean {
  const { firstSeen, fate } = finding;
  if (fate === 'open') return joins(firstSeen, at, mergeWindowMin);
  if (fate === 'dismissed') return joins(firstSeen, at, Math.min(mergeWindowMin, DISMISSED_QUIET_MIN));
  return joins(firstSeen, at, mergeWindowMin) && at <= fate.endedAt;
}

/**
 * Unique key of a finding: camera, zone, kind and the merge window that `firstSeen` falls into. Two findings of one window
 * would have joined (`joins`), so the key never refuses a finding that ought to exist; it makes a doubled one impossible.
 * One that is opened though another lies within the window, which takes no more in (`takesIn`), is told from it by its look.
 * @returns 64 hexadecimal characters
 */
export function fingerprint(f: {
  cameraId: string;
  zoneId: string;
  kind: KindCode;
  firstSeen: Date;
  mergeWindowMin: number;
  /** The look that opens it beside another one that is over. */
  besideLook?: string | undefined;
}): string {
  const window = Math.floor(f.firstSeen.getTime() / (f.mergeWindowMin * 60_000));
  const beside = f.besideLook === undefined ? '' : `|${f.besideLook}`;
  return createHash('sha256')
    .update(`${f.cameraId}|${f.zoneId}|${f.kind}|${f.mergeWindowMin}|${window}${beside}`)
    .digest('hex');
}

/**
 * Identity of a look, from what it carries: the same look delivered again gets the same id, so the second is recognised.
 * @param firstFrameSha256 hex digest of the bytes of the first frame as received
 * @returns a UUID (version 8, RFC 9562 section 5.8)
 */
export function lookId(cameraId: string, at: Date, sequence: number, firstFrameSha256: string): string {
  const bytes = createHash('sha256')
    .update(`${cameraId}|${at.getTime()}|${sequence}|${firstFrameSha256}`)
    .digest()
    .subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
