/** What a recheck watches: the cameras of all findings that a task answers, and what they truly saw. */
import { sql } from 'kysely';
import { zonesOf } from '../domain/areas.ts';
import { type MotionRecord, observedMinutes } from '../domain/recheck.ts';
import { rulesFor, type ScopedRule } from '../domain/rules.ts';
import { isViolationKind, type KindCode, type ViolationKind } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { familyOf } from './finding-family.ts';
import { motionRecord } from './motion-record.ts';
import { type CameraRecord, loadCamera, loadRules } from './registry.ts';
import type { TaskRecord } from './task-record.ts';

/** One camera that must see that one kind did not happen again. */
export interface WatchedCamera {
  cameraId: string;
  kind: ViolationKind;
  /** False: no rule in force looks for the kind where it was found. It cannot be seen again there, so nothing vouches for it. */
  looksForIt: boolean;
  /** Of the rule in force there: only opening hours count, or all. */
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
  const { rows } = await sql<{ cameraId: string | null; kind: KindCode; zoneIds: string[] }>`
    select camera_id as "cameraId", kind, array_agg(distinct zone_id::text) as "zoneIds"
    from finding where id = any (${family}::uuid[]) and state <> 'dismissed'
    group by camera_id, kind order by camera_id, kind
  `.execute(tx);
  const rules = await loadRules(tx);
  const watched: WatchedCamera[] = [];
  for (const { cameraId, kind, zoneIds } of rows) {
    if (cameraId === null || !isViolationKind(kind)) return null;
    const found = rulesWhere(rules, await loadCamera(tx, cameraId), kind, zoneIds);
    watched.push({
      cameraId,
      kind,
      looksForIt: found.length === zoneIds.length,
      hours: found.some(({ hours }) => hours === 'opening') ? 'opening' : 'always',
      motion: await motionRecord(tx, cameraId, kind),
    });
  }
  return watched.length === 0 ? null : watched;
}

/** The rules for a kind in zones that a camera sees today: none for a zone it no longer sees, or where the kind is not looked for. */
function rulesWhere(
  rules: readonly ScopedRule[],
  camera: CameraRecord | undefined,
  kind: ViolationKind,
  zoneIds: readonly string[],
): ScopedRule[] {
  if (camera === undefined) return [];
  const { regionPath } = camera;
  return zonesOf(camera)
    .filter(({ zoneId }) => zoneIds.includes(zoneId))
    .flatMap(({ zoneKind }) => rulesFor(rules, { regionPath, zoneKind }, [kind]));
}

/** No camera will ever vouch for one of the places: the kind is not looked for there, or shows only by motion, and none is watched. */
export function cannotVouch(watched: readonly WatchedCamera[]): boolean {
  return watched.some(({ looksForIt, motion }) => !looksForIt || motion === 'none');
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

/** A finding at a watched place that came after closure and that nobody has judged, or whose task is not issued yet; or what it was merged into. */
export async function undecidedSince(
  tx: Tx,
  task: TaskRecord,
  watched: readonly WatchedCamera[],
): Promise<boolean> {
  if (task.closed_at === null) return false;
  const keys = watched.map(({ cameraId, kind }) => `${cameraId}|${kind}`);
  const cameras = watched.map(({ cameraId }) => cameraId);
  const { rows } = await sql<{ waits: boolean }>`
    with recursive root as (
      select id, state, issue_at, merged_into from finding
      where camera_id = any (${cameras}::uuid[]) and camera_id::text || '|' || kind = any (${keys}::text[])
        and first_seen >= ${task.closed_at}
      union select up.id, up.state, up.issue_at, up.merged_into from finding up join root on up.id = root.merged_into)
    select exists (
      select from root where state = 'pending_review' or state = 'confirmed' and issue_at is not null) as waits
  `.execute(tx);
  return rows[0]?.waits === true;
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
