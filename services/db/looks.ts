import { type RawBuilder, sql } from 'kysely';
import type { CameraSource, LookOutcome } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import type { StoredClip, StoredFrame } from './schema-watch.ts';

/** A look older than this when it arrives comes from a gateway's buffer: it never loses against a newer one. */
export const LIVE_WITHIN_MS = 120_000;

export interface NewLook {
  id: string;
  cameraId: string;
  source: CameraSource;
  capturedAt: Date;
  frames: StoredFrame[];
  /** True while more frames of the burst are expected. */
  gathering: boolean;
  /** The gateway itself wants the rest of the burst, whatever the first frame shows (night watch). */
  wantsBurst?: boolean;
  /** The event of an edge box whose picture this look checks: no other look drops it, and it drops none. */
  edgeEventId?: string;
}

const json = (value: unknown): RawBuilder<never> => sql`${JSON.stringify(value)}::jsonb`;

/**
 * Accepts a look: from here on it has exactly one outcome. Newest wins: older live looks of the camera that no worker has
 * decided yet become `dropped`, and their minutes are marked so. One statement: without a transaction around it, it is one.
 * @returns `known` when this very look was accepted before (a repeated message)
 */
export async function acceptLook(db: Database | Tx, look: NewLook, now: Date): Promise<'accepted' | 'known'> {
  const insertion = db
    .insertInto('look')
    .values({
      id: look.id,
      camera_id: look.cameraId,
      source: look.source,
      captured_at: look.capturedAt,
      state: look.gathering ? 'gathering' : look.wantsBurst ? 'burst_wanted' : 'queued',
      frames: json(look.frames),
      accepted_at: now,
      state_at: now,
      edge_event_id: look.edgeEventId ?? null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id');
  const live = look.edgeEventId === undefined && now.getTime() - look.capturedAt.getTime() < LIVE_WITHIN_MS;
  if (!live) return (await insertion.executeTakeFirst()) === undefined ? 'known' : 'accepted';
  const { rows } = await sql`
      with inserted as (${insertion}),
      dropped as (
        update look set state = 'decided', outcome = 'dropped', reason = 'a newer look of this camera came first',
                        decided_at = ${now}, state_at = ${now}
        where camera_id = ${look.cameraId} and state = 'queued' and id <> ${look.id} and edge_event_id is null
          and captured_at < ${look.capturedAt}
          and accepted_at - captured_at < interval '120 seconds'
          and exists (select from inserted)
        returning camera_id, captured_at
      )
      select (select count(coverage_mark(camera_id, captured_at, 'D')) from dropped) from inserted
    `.execute(db);
  return rows.length === 0 ? 'known' : 'accepted';
}

/** The burst is complete: the look waits for a worker. @returns false when another process already did so */
export async function closeGathering(db: Database, lookId: string, now: Date): Promise<boolean> {
  const result = await db
    .updateTable('look')
    .set({ state: 'queued', state_at: now })
    .where('id', '=', lookId)
    .where('state', '=', 'gathering')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

export interface LookRecord {
  id: string;
  cameraId: string;
  source: CameraSource;
  capturedAt: Date;
  frames: StoredFrame[];
  clip: StoredClip | null;
  burstGivenUp: boolean;
  edgeEventId: string | null;
}

/** The look, if it still waits for a worker. */
export async function loadQueuedLook(db: Database, id: string): Promise<LookRecord | undefined> {
  return await db
    .selectFrom('look')
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .select([
      'id',
      'camera_id as cameraId',
      'source',
      'captured_at as capturedAt',
      'frames',
      'clip',
      'burst_given_up as burstGivenUp',
      'edge_event_id as edgeEventId',
    ])
    .executeTakeFirst();
}

/** Asks the camera's gateway for the rest of the burst and the clip. */
export async function wantBurst(db: Database, lookId: string, now: Date): Promise<void> {
  await db
    .updateTable('look')
    .set({ state: 'burst_wanted', state_at: now })
    .where('id', '=', lookId)
    .where('state', '=', 'queued')
    .execute();
}

/** Looks of these cameras whose burst is wanted. */
export async function loadWantedBursts(db: Database, cameraIds: string[]): Promise<LookRecord[]> {
  if (cameraIds.length === 0) return [];
  return await db
    .selectFrom('look')
    .where('state', '=', 'burst_wanted')
    .where('camera_id', 'in', cameraIds)
    .select([
      'id',
      'camera_id as cameraId',
      'source',
      'captured_at as capturedAt',
      'frames',
      'clip',
      'burst_given_up as burstGivenUp',
      'edge_event_id as edgeEventId',
    ])
    .execute();
}

/** The gateway's answer. With no frames and no clip the burst is given up. @returns false when nobody waits any more */
export async function fulfilBurst(
  db: Database,
  lookId: string,
  burst: { frames: StoredFrame[]; clip: StoredClip | null },
  now: Date,
): Promise<boolean> {
  const result = await sql<{ id: string }>`
    update look
    set frames = frames || ${JSON.stringify(burst.frames)}::jsonb,
        clip = ${burst.clip === null ? null : JSON.stringify(burst.clip)}::jsonb,
        burst_given_up = ${burst.frames.length === 0},
        state = 'queued', state_at = ${now}
    where id = ${lookId} and state = 'burst_wanted'
    returning id
  `.execute(db);
  return result.rows.length > 0;
}

/**
 * Gives a look its one outcome, inside the caller's transaction.
 * @returns false when it already had one (the job ran twice): then the caller must write nothing
 */
export async function decideLook(
  tx: Tx,
  lookId: string,
  outcome: LookOutcome,
  reason: string,
  now: Date,
): Promise<boolean> {
  const result = await tx
    .updateTable('look')
    .set({ state: 'decided', outcome, reason, decided_at: now, state_at: now })
    .where('id', '=', lookId)
    .where('state', '<>', 'decided')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Ends a look that is calm, dropped or failed, with its minute of coverage. @returns false when it was decided before */
export async function closeLook(
  db: Database,
  look: { id: string; cameraId: string; capturedAt: Date },
  outcome: Exclude<LookOutcome, 'finding'>,
  reason: string,
  now: Date,
): Promise<boolean> {
  const letter = outcome === 'dropped' || outcome === 'failed' ? 'D' : 'L';
  const result = await sql<{ marked: unknown }>`
    with decided as (
      update look set state = 'decided', outcome = ${outcome}, reason = ${reason}, decided_at = ${now}, state_at = ${now}
      where id = ${look.id} and state <> 'decided'
      returning camera_id, captured_at
    )
    select coverage_mark(camera_id, captured_at, ${letter}) as marked from decided
  `.execute(db);
  return result.rows.length > 0;
}

/**
 * Finds looks that stand still because a process died, and moves them on.
 * `gathering` too long → queued; `burst_wanted` too long → queued with the burst given up.
 * @returns ids of every look that waits for a worker for longer than `queuedS`: the caller queues them again
 */
export async function sweepLooks(
  db: Database,
  now: Date,
  limits: { gatheringS: number; burstS: number; queuedS: number },
): Promise<string[]> {
  const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1000);
  await db
    .updateTable('look')
    .set({ state: 'queued', state_at: now })
    .where('state', '=', 'gathering')
    .where('state_at', '<', before(limits.gatheringS))
    .execute();
  await db
    .updateTable('look')
    .set({ state: 'queued', state_at: now, burst_given_up: true })
    .where('state', '=', 'burst_wanted')
    .where('state_at', '<', before(limits.burstS))
    .execute();
  const rows = await db
    .selectFrom('look')
    .select('id')
    .where('state', '=', 'queued')
    .where('state_at', '<=', before(limits.queuedS))
    .orderBy('state_at')
    .limit(5000)
    .execute();
  return rows.map((row) => row.id);
}

/** Forgets outcomes older than `before`, in small steps. */
export async function forgetDecidedLooks(db: Database, before: Date): Promise<void> {
  for (;;) {
    const result = await sql`
      delete from look where id in (
        select id from look where state = 'decided' and decided_at < ${before} limit 5000
      )
    `.execute(db);
    if ((result.numAffectedRows ?? 0n) < 5000n) return;
  }
}

/** Which of these ids are looks without an outcome. Ids that are no UUID are none. */
export async function openLookIds(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await sql<{ id: string }>`
    select id::text from look where state <> 'decided' and id::text = any (${[...new Set(ids)]}::text[])
  `.execute(db);
  return new Set(rows.rows.map(({ id }) => id));
}
