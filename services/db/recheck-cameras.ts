/** What a recheck watches: the cameras of all findings that a task answers, and what they truly saw. */
import { sql } from 'kysely';
import { type MotionRecord, observedMinutes } from '../domain/recheck.ts';
import { isViolationKind, type KindCode, type ViolationKind } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { familyOf } from './finding-family.ts';
import { motionRecord } from './motion-record.ts';
import type { TaskRecord } from './task-record.ts';

/** One camera that must see that one kind did not happen again. */
export interface WatchedCamera {
  cameraId: string;
  kind: ViolationKind;
  /** Of the rule: only opening hours count, or all. */
  hours: 'opening' | 'always';
  /** Of kinds that only motion shows: the minutes that count. */
  motion?: MotionRecord | undefined;
}

/**
 * Cameras and kinds of all findings of a task, merged ones included.
 * @returns null when people must look: a finding was made where no camera sees, or is of a kind that no model knows
 */
export async function watchedCameras(tx: Tx, task: Pick<TaskRecord, 'id'>): Promise<WatchedCamera[] | null> {
  const links = await tx
    .selectFrom('task_finding')
    .select('finding_id')
    .where('task_id', '=', task.id)
    .where('released_at', 'is', null)
    .execute();
  const family = await familyOf(
    tx,
    links.map(({ finding_id }) => finding_id),
  );
  const { rows } = await sql<{ cameraId: string | null; kind: KindCode; hours: WatchedCamera['hours'] }>`
    select camera_id as "cameraId", kind,
      case when bool_or(rule ->> 'hours' = 'opening') then 'opening' else 'always' end as hours
    from finding where id = any (${family}::uuid[]) and state <> 'dismissed'
    group by camera_id, kind order by camera_id, kind
  `.execute(tx);
  const watched: WatchedCamera[] = [];
  for (const { cameraId, kind, hours } of rows) {
    if (cameraId === null || !isViolationKind(kind)) return null;
    watched.push({ cameraId, kind, hours, motion: await motionRecord(tx, cameraId, kind) });
  }
  return watched.length === 0 ? null : watched;
}

/** No camera will ever vouch for one of the places: its kind shows only by motion, and none is looked for there. */
export function cannotVouch(watched: readonly WatchedCamera[]): boolean {
  return watched.some(({ motion }) => motion === 'none');
}

/** What one camera saw since closure. */
export interface ObservedCamera {
  cameraId: string;
  minutes: number;
}

/**
 * Minutes truly observed since closure, camera by camera; the least of them counts, since each has a place of its own to
 * vouch for. Empty: no camera watches.
 */
export async function observedByCameras(tx: Tx, task: TaskRecord, now: Date): Promise<ObservedCamera[]> {
  const { closed_at: from } = task;
  const watched = from === null ? null : await watchedCameras(tx, task);
  if (from === null || watched === null) return [];
  const { opening_hours: openingHours } = await tx
    .selectFrom('merchant')
    .select('opening_hours')
    .where('id', '=', task.merchant_id)
    .executeTakeFirstOrThrow();
  const coverage = await tx
    .selectFrom('coverage')
    .select(['camera_id', 'hour', 'minutes'])
    .where(
      'camera_id',
      'in',
      watched.map(({ cameraId }) => cameraId),
    )
    .where('hour', '>=', sql<Date>`date_trunc('hour', ${from}::timestamptz, 'UTC')`)
    .where('hour', '<=', now)
    .execute();
  const least = new Map<string, number>();
  for (const { cameraId, hours, motion } of watched) {
    const own = coverage.filter(({ camera_id }) => camera_id === cameraId);
    const minutes = observedMinutes(
      own,
      { from, to: now },
      { hours, openingHours, timeZone: task.time_zone, motion },
    );
    least.set(cameraId, Math.min(minutes, least.get(cameraId) ?? minutes));
  }
  return [...least].map(([cameraId, minutes]) => ({ cameraId, minutes }));
}

/** The number that decides: of the camera that saw least; 0 when none watches. */
export function leastObserved(cameras: readonly ObservedCamera[]): number {
  return cameras.length === 0 ? 0 : Math.min(...cameras.map(({ minutes }) => minutes));
}

/** A finding at a watched place that came after closure and that nobody has judged, or whose task is not issued yet. */
export async function undecidedSince(
  tx: Tx,
  task: TaskRecord,
  watched: readonly WatchedCamera[],
): Promise<boolean> {
  if (task.closed_at === null) return false;
  const keys = watched.map(({ cameraId, kind }) => `${cameraId}|${kind}`);
  const row = await tx
    .selectFrom('finding')
    .select('id')
    .where(sql<string>`camera_id::text || '|' || kind`, 'in', keys)
    .where(
      'camera_id',
      'in',
      watched.map(({ cameraId }) => cameraId),
    )
    .where('first_seen', '>=', task.closed_at)
    .where((eb) =>
      eb.or([
        eb('state', '=', 'pending_review'),
        eb.and([eb('state', '=', 'confirmed'), eb('issue_at', 'is not', null)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Looks on their way are judged within seconds; one that is older waits for something. Seconds. */
const ON_ITS_WAY_S = 60;

/** A look of the period, or an edge box's alarm, that no model has judged yet: what it shows nobody knows. */
export async function unjudgedSince(
  tx: Tx,
  task: TaskRecord,
  watched: readonly WatchedCamera[],
  now: Date,
): Promise<boolean> {
  const { closed_at: from, recheck_until: until } = task;
  if (from === null || until === null) return false;
  const cameras = watched.map(({ cameraId }) => cameraId);
  const before = new Date(now.getTime() - ON_ITS_WAY_S * 1000);
  const { rows } = await sql<{ waits: boolean }>`
    select exists (
        select from look where camera_id = any (${cameras}::uuid[]) and state <> 'decided'
          and captured_at >= ${from} and captured_at <= ${until} and captured_at < ${before})
      or exists (
        select from edge_event where outcome in ('waiting', 'checking') and camera_id = any (${cameras}::uuid[])
          and kind = any (${watched.map(({ kind }) => kind)}::text[])
          and happened_at >= ${from} and happened_at <= ${until}) as waits
  `.execute(tx);
  return rows[0]?.waits === true;
}
