import type { Detection } from '../domain/words.ts';
import type { Tx } from './database.ts';
import type { StoredClip, StoredFrame } from './schema-watch.ts';

/** The frames of a look as received, with what was seen in them. */
export interface LookEvidence {
  lookId: string;
  frames: { stored: StoredFrame; detections: Detection[] }[];
  clip: StoredClip | null;
}

/**
 * Looks of one finding whose frames and clip are all kept; of later ones only what shows it more surely than any before. A rat's
 * finding may take in looks for twelve hours, some megabytes each, and nobody watches the hundredth clip.
 */
const LOOKS_KEPT = 20;

/** @returns false when the finding has this look already: two zones that were merged show it both */
export async function linkLook(tx: Tx, findingId: string, look: LookEvidence): Promise<boolean> {
  const linked = await tx
    .insertInto('finding_look')
    .values({ finding_id: findingId, look_id: look.lookId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('look_id')
    .executeTakeFirst();
  return linked !== undefined;
}

/** Evidence of a look that a finding takes in, where it adds anything. The sweep of the store removes the rest after a day. */
export async function addMoreEvidence(
  tx: Tx,
  findingId: string,
  look: LookEvidence,
  score: number,
): Promise<void> {
  const before = await tx
    .selectFrom('finding')
    .select(['count', 'score'])
    .where('id', '=', findingId)
    .executeTakeFirstOrThrow();
  if (before.count < LOOKS_KEPT || score > (before.score ?? 0)) await addEvidence(tx, findingId, look);
}

/** Frames as received, with what was seen in them, and the clip. */
export async function addEvidence(tx: Tx, findingId: string, look: LookEvidence): Promise<void> {
  if (look.frames.length === 0) return;
  await tx
    .insertInto('evidence')
    .values(
      look.frames.map(({ stored, detections }) => ({
        finding_id: findingId,
        look_id: look.lookId,
        kind: 'frame' as const,
        object_key: stored.key,
        sha256: stored.sha256,
        bytes: stored.bytes,
        content_type: 'image/jpeg',
        captured_at: new Date(stored.at),
        width: stored.width,
        height: stored.height,
        detail: JSON.stringify({ detections }),
      })),
    )
    .execute();
  if (look.clip === null) return;
  await tx
    .insertInto('evidence')
    .values({
      finding_id: findingId,
      look_id: look.lookId,
      kind: 'clip',
      object_key: look.clip.key,
      sha256: look.clip.sha256,
      bytes: look.clip.bytes,
      content_type: 'video/mp4',
      captured_at: new Date(look.clip.from),
      width: null,
      height: null,
      detail: JSON.stringify({ codec: look.clip.codec, to: look.clip.to }),
    })
    .execute();
}
