import { randomUUID } from 'node:crypto';
import type { Database } from '../../services/db/database.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import type { Site, World } from './places.ts';

const AT = new Date('2026-11-21T03:00:00Z');

export async function addTask(db: Database, world: World, site: Site): Promise<string> {
  const findingId = await addFinding(db, site);
  const command = { findingId, actorId: world.admin, version: undefined, note: '' };
  const result = await confirmFinding(db, command, AT);
  if (!result.done || result.taskId === null) throw new Error('not issued');
  return result.taskId;
}

export async function addFinding(db: Database, site: Site): Promise<string> {
  const { id } = await db
    .insertInto('finding')
    .values({
      fingerprint: randomUUID(),
      camera_id: site.cameraId,
      zone_id: site.zoneId,
      merchant_id: site.merchantId,
      region_id: site.regionId,
      kind: 'no_hat',
      class: 2,
      first_seen: AT,
      last_seen: AT,
      score: 0.9,
      rule: '{}',
      models: '[]',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('history')
    .values({ entity: 'finding', entity_id: id, from_state: null, to_state: 'pending_review', at: AT })
    .execute();
  return id;
}
