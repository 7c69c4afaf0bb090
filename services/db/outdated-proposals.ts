import { sql } from 'kysely';
import { recordChange } from './audit.ts';
import { viewSince } from './camera-views.ts';
import type { Database } from './database.ts';
import { placeOfCamera } from './place-of.ts';

/**
 * Ends open proposals that were counted while their camera showed another view: an area of that one means nothing here. May run in
 * several processes at once. @returns how many
 */
export async function endOutdatedProposals(db: Database, now: Date): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string; cameraId: string }>`
      update rule_proposal set state = 'outdated', decided_at = ${now}
      where id in (
        select proposal.id from rule_proposal as proposal join camera on camera.id = proposal.camera_id
        where proposal.state = 'open' and proposal.updated_at <= ${viewSince('camera')}
        order by proposal.id for update of proposal skip locked)
      returning id, camera_id as "cameraId"
    `.execute(tx);
    for (const { id, cameraId } of rows) {
      await recordChange(tx, {
        entity: 'rule_proposal',
        entityId: id,
        from: 'open',
        to: 'outdated',
        actorId: null,
        at: now,
        place: await placeOfCamera(tx, cameraId),
      });
    }
    return rows.length;
  });
}
