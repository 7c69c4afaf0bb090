/** What workers do with an edge event after it was kept (workers/edge, workers/detection). */
import { sql } from 'kysely';
import type { EdgeOpinion, EdgeReason } from '../domain/edge-event.ts';
import type { CameraSource } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { acceptLook } from './looks.ts';
import type { StoredEdgeBox, StoredEdgePicture } from './schema-edge.ts';
import type { StoredFrame } from './schema-watch.ts';

/** An event in a worker's hands. */
export interface EdgeWork {
  id: string;
  gatewayId: string;
  cameraId: string;
  format: string;
  kind: string;
  type: string;
  label: string;
  happenedAt: Date;
  boxes: StoredEdgeBox[];
  size: { width: number; height: number } | null;
  picture: StoredEdgePicture | null;
  pictureUrl: string | null;
  pictureState: 'none' | 'wanted' | 'kept' | 'failed';
  attempts: number;
}

const columns = sql.raw(`
  edge_event.id, gateway_id as "gatewayId", camera_id as "cameraId", format, kind, type, label,
  happened_at as "happenedAt", boxes, size, picture, picture_url as "pictureUrl", picture_state as "pictureState", attempts`);

/** Claims what waits, with a lease: should the claimer die, others take it over when the lease ends. */
export async function claimEdgeEvents(
  db: Database,
  claimer: string,
  now: Date,
  limits: { count: number; leaseS: number },
): Promise<EdgeWork[]> {
  const until = new Date(now.getTime() + limits.leaseS * 1000);
  const result = await sql<EdgeWork>`
    with due as (
      select id as due_id from edge_event
      where outcome = 'waiting' and next_at <= ${now} and (claimed_until is null or claimed_until < ${now})
      order by next_at limit ${limits.count} for update skip locked
    )
    update edge_event set claimed_by = ${claimer}, claimed_until = ${until}, attempts = attempts + 1
    from due where id = due_id
    returning ${columns}
  `.execute(db);
  return result.rows;
}

/** When the next one falls due; undefined: none waits. */
export async function nextEdgeEventDue(db: Database): Promise<Date | undefined> {
  const row = await db
    .selectFrom('edge_event')
    .select((eb) => eb.fn.min('next_at').as('at'))
    .where('outcome', '=', 'waiting')
    .executeTakeFirst();
  return row?.at ?? undefined;
}

/** The picture was fetched, or can not be had any more. */
export async function settlePicture(
  db: Database,
  id: string,
  result: { picture: StoredEdgePicture } | { error: string },
): Promise<void> {
  const set =
    'picture' in result
      ? { picture: JSON.stringify(result.picture), picture_state: 'kept' as const, picture_error: null }
      : { picture_state: 'failed' as const, picture_error: result.error.slice(0, 500) };
  await db.updateTable('edge_event').set(set).where('id', '=', id).where('outcome', '=', 'waiting').execute();
}

/** Not now: tried again at `nextAt`. */
export async function postponeEdgeEvent(
  db: Database,
  id: string,
  nextAt: Date,
  error: string,
): Promise<void> {
  await db
    .updateTable('edge_event')
    .set({ next_at: nextAt, claimed_by: null, claimed_until: null, picture_error: error.slice(0, 500) })
    .where('id', '=', id)
    .where('outcome', '=', 'waiting')
    .execute();
}

/** Nothing follows. */
export async function keepOnly(db: Database | Tx, id: string, reason: EdgeReason): Promise<void> {
  await db
    .updateTable('edge_event')
    .set({ outcome: 'kept', reason, claimed_by: null, claimed_until: null })
    .where('id', '=', id)
    .where('outcome', 'in', ['waiting', 'checking'])
    .execute();
}

/** A look for our own model, and the event that waits for it: one transaction. @returns the look's id */
export async function beginCheck(
  db: Database,
  event: EdgeWork,
  look: { source: CameraSource; frame: StoredFrame },
  now: Date,
): Promise<string | undefined> {
  return await db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('edge_event')
      .set({ outcome: 'checking', claimed_by: null, claimed_until: null })
      .where('id', '=', event.id)
      .where('outcome', '=', 'waiting')
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) return undefined;
    await acceptLook(
      tx,
      {
        id: event.id,
        cameraId: event.cameraId,
        source: look.source,
        capturedAt: event.happenedAt,
        frames: [look.frame],
        gathering: false,
        edgeEventId: event.id,
      },
      now,
    );
    return event.id;
  });
}

/** The event that a look checks. */
export async function loadChecked(db: Database, id: string): Promise<EdgeWork | undefined> {
  const result = await sql<EdgeWork>`select ${columns} from edge_event where id = ${id}`.execute(db);
  return result.rows[0];
}

/** What came of it, inside the transaction that decides the look or writes the finding. */
export async function settleEdgeEvent(
  tx: Tx,
  id: string,
  result: { outcome: 'finding'; findingId: string } | { outcome: 'refuted' | 'kept' },
  opinion: EdgeOpinion | null,
  reason: EdgeReason | '',
): Promise<boolean> {
  const row = await tx
    .updateTable('edge_event')
    .set({
      outcome: result.outcome,
      finding_id: result.outcome === 'finding' ? result.findingId : null,
      opinion,
      reason,
      claimed_by: null,
      claimed_until: null,
    })
    .where('id', '=', id)
    .where('outcome', 'in', ['waiting', 'checking'])
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
