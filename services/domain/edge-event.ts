/** What becomes of what an edge box said. Pure; what a box says is a lead, never a verdict. */
/** Why nothing follows, or why it does. */
export const EDGE_REASONS = [
  'unknown_channel', // nobody has said which camera it means
  'unknown_type', // nobody has said what it means
  'ignored_type', // motion and the like
  'camera_fault', // a fault of the camera: no violation
  'camera_off', // the camera is switched off: nobody looks through it
  'camera_removed',
  'too_old',
  'no_rule', // the kind is not looked for in this zone, or not at this hour
  'no_picture', // nothing to check
  'picture_lost', // its address had expired, or what lay there was no picture
] as const;
export type EdgeReason = (typeof EDGE_REASONS)[number];

/** Alarms older than this (a box that was off the line) are kept, but start nothing: milliseconds. */
export const OLDEST_MS = 48 * 3_600_000;
/** An active event that was not repeated for so long is over: milliseconds. */
export const SILENT_MS = 10 * 60_000;

export interface EdgeFacts {
  cameraKnown: boolean;
  /** Null: unknown. */
  kind: string | null;
  happenedAt: Date;
}

/** Whether a worker goes on with an event. */
export function firstOutcome(
  event: EdgeFacts,
  findingKinds: readonly string[],
  now: Date,
): { outcome: 'waiting' | 'kept'; reason: EdgeReason | '' } {
  const kept = (reason: EdgeReason) => ({ outcome: 'kept', reason }) as const;
  if (!event.cameraKnown) return kept('unknown_channel');
  if (event.kind === null) return kept('unknown_type');
  if (event.kind === 'ignored') return kept('ignored_type');
  if (!findingKinds.includes(event.kind)) return kept('camera_fault');
  if (now.getTime() - event.happenedAt.getTime() > OLDEST_MS) return kept('too_old');
  return { outcome: 'waiting', reason: '' };
}

/** What our own model says of a box's alarm: never less careful than `uncertain` where it cannot judge the kind. */
export type EdgeOpinion = 'agrees' | 'uncertain' | 'disagrees' | 'cannot_tell';

/**
 * @param verdicts of our model, for this kind, in the box's picture
 * @param canJudge whether our model knows the kind on a single picture
 */
export function opinionOf(verdicts: readonly ('yes' | 'no' | 'uncertain')[], canJudge: boolean): EdgeOpinion {
  if (!canJudge) return 'cannot_tell';
  if (verdicts.includes('yes')) return 'agrees';
  return verdicts.includes('uncertain') ? 'uncertain' : 'disagrees';
}

/** A finding comes of everything but a plain no: fail open, a person looks at it. */
export function raisesFinding(opinion: EdgeOpinion): boolean {
  return opinion !== 'disagrees';
}

/** The device's clock may run ahead; nothing happens after it was told. */
export function happenedAt(said: Date, receivedAt: Date): Date {
  return said < receivedAt ? said : receivedAt;
}
