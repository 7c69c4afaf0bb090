import { sql } from 'kysely';
import type { Database } from './database.ts';

/** Visits at a merchant, latest first, with what each says. */
export async function loadFieldVisits(
  db: Database,
  of: { merchantId: string } | { taskId: string },
  limit: number,
) {
  let query = db
    .selectFrom('field_visit')
    .innerJoin('account', 'account.id', 'field_visit.account_id')
    .selectAll('field_visit')
    .select(['account.username', 'account.display_name'])
    .orderBy('visited_at', 'desc')
    .orderBy('field_visit.id')
    .limit(limit);
  query =
    'merchantId' in of
      ? query.where('field_visit.merchant_id', '=', of.merchantId)
      : query.where('field_visit.id', 'in', (eb) =>
          eb.selectFrom('field_visit_item').select('visit_id').where('task_id', '=', of.taskId),
        );
  const visits = await query.execute();
  if (visits.length === 0) return [];
  const items = await db
    .selectFrom('field_visit_item')
    .innerJoin('finding', 'finding.id', 'field_visit_item.finding_id')
    .leftJoin('task', 'task.id', 'field_visit_item.task_id')
    .selectAll('field_visit_item')
    .select(['finding.kind', 'finding.camera_id as cameraId', 'task.number'])
    .where(
      'visit_id',
      'in',
      visits.map(({ id }) => id),
    )
    .orderBy('field_visit_item.at')
    .orderBy('field_visit_item.id')
    .execute();
  // The partial index evidence_visit.
  const photos = await db
    .selectFrom('evidence')
    .selectAll()
    .where(
      'look_id',
      'in',
      items.map(({ id }) => id),
    )
    .where(sql<boolean>`detail ? 'visit'`)
    .orderBy('captured_at')
    .orderBy('id')
    .execute();
  return visits.map((visit) => ({
    ...visit,
    items: items
      .filter(({ visit_id }) => visit_id === visit.id)
      .map((item) => ({ ...item, photos: photos.filter(({ look_id }) => look_id === item.id) })),
  }));
}
