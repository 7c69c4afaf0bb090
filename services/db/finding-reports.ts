import { createHash } from 'node:crypto';
import type { StatedVisit } from '../domain/field-visit.ts';
import type { KindCode, ReportSource, TaskClass } from '../domain/words.ts';
import type { Tx } from './database.ts';
import { appendEvent } from './events.ts';

/** What a person saw: 网上巡查, 陪餐, a tip, a visit. */
export interface FindingReport {
  source: ReportSource;
  kind: KindCode;
  /** null: as the kind says. */
  class: TaskClass | null;
  merchantId: string;
  zoneId: string;
  cameraId: string | null;
  /** Where in the zone. */
  place: string;
  text: string;
  /** When it was seen. */
  seenAt: Date;
  /** report_photo rows of the same person that are evidence of nothing yet. */
  photoIds: string[];
  actorId: string;
  /** Makes the report count once. */
  key: string;
  /** What the device stated of each photograph, by its id; absent: nothing. */
  stated?: ReadonlyMap<string, StatedVisit>;
}

export type ReportResult =
  | { done: true; findingId: string }
  | { done: false; why: 'unknown_kind' | 'unknown_zone' | 'unknown_camera' | 'unknown_photo' };

/** Enters the same way as what models find: it waits for a verdict, with evidence, alert, event and history. */
export async function reportFinding(tx: Tx, report: FindingReport, now: Date): Promise<ReportResult> {
  const kind = await tx
    .selectFrom('finding_kind')
    .selectAll()
    .where('code', '=', report.kind)
    .where('enabled', '=', true)
    .executeTakeFirst();
  if (kind === undefined) return { done: false, why: 'unknown_kind' };
  const place = await tx
    .selectFrom('zone')
    .innerJoin('merchant', 'merchant.id', 'zone.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select(['merchant.region_id', 'merchant.code as merchant_code', 'region.path', 'zone.kind as zone_kind'])
    .where('zone.id', '=', report.zoneId)
    .where('merchant.id', '=', report.merchantId)
    .executeTakeFirst();
  if (place === undefined) return { done: false, why: 'unknown_zone' };
  if (report.cameraId !== null) {
    const camera = await tx
      .selectFrom('camera')
      .select('id')
      .where('id', '=', report.cameraId)
      .where('merchant_id', '=', report.merchantId)
      .executeTakeFirst();
    if (camera === undefined) return { done: false, why: 'unknown_camera' };
  }
  const photos = await takePhotos(tx, report);
  if (photos === undefined) return { done: false, why: 'unknown_photo' };
  const taskClass = report.class ?? kind.class;
  const { id } = await tx
    .insertInto('finding')
    .values({
      // Of the request, not of the place: two people may report the same thing, an inspector merges them.
      fingerprint: createHash('sha256').update(`report|${report.actorId}|${report.key}`).digest('hex'),
      camera_id: report.cameraId,
      zone_id: report.zoneId,
      merchant_id: report.merchantId,
      region_id: place.region_id,
      kind: report.kind,
      class: taskClass,
      first_seen: report.seenAt,
      last_seen: report.seenAt,
      score: null,
      rule: '{}',
      models: '[]',
      source: report.source,
      text: report.text,
      place: report.place,
      reported_by: report.actorId,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  // No look of a camera has the id of a finding, so all of a report's photographs stand together.
  await keepPhotos(tx, { findingId: id, lookId: id, stated: report.stated }, photos);
  await tx
    .insertInto('history')
    .values({
      entity: 'finding',
      entity_id: id,
      from_state: null,
      to_state: 'pending_review',
      actor_id: report.actorId,
      command: 'report',
      reason: report.source,
      at: now,
    })
    .execute();
  await tx
    .insertInto('alert')
    .values({
      audience: 'inspector',
      region_id: place.region_id,
      merchant_id: report.merchantId,
      finding_id: id,
      task_id: null,
      kind: report.kind,
      class: taskClass,
      created_at: now,
    })
    .execute();
  await appendEvent(tx, {
    type: 'finding.created',
    regionPath: place.path,
    merchantId: report.merchantId,
    payload: {
      findingId: id,
      cameraId: report.cameraId,
      regionPath: place.path,
      merchantCode: place.merchant_code,
      zoneKind: place.zone_kind,
      kind: report.kind,
      class: taskClass,
      source: report.source,
      before: null,
      after: { state: 'pending_review' },
      firstSeen: report.seenAt.toISOString(),
    },
  });
  return { done: true, findingId: id };
}

/** Photographs of this person that are evidence of nothing yet, locked; undefined: one of them is none. */
export async function takePhotos(tx: Tx, { photoIds, actorId }: Pick<FindingReport, 'photoIds' | 'actorId'>) {
  const ids = [...new Set(photoIds)];
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('report_photo')
    .selectAll()
    .where('id', 'in', ids)
    .where('uploaded_by', '=', actorId)
    .where('finding_id', 'is', null)
    .forUpdate()
    .execute();
  return rows.length === ids.length ? rows : undefined;
}

/** Whose evidence photographs become; `lookId` says which of them stand together. */
interface EvidenceOf {
  findingId: string;
  lookId: string;
  stated: ReadonlyMap<string, StatedVisit> | undefined;
}

/** A person's photographs are one look: what was seen there and then. */
export async function keepPhotos(
  tx: Tx,
  { findingId, lookId, stated }: EvidenceOf,
  photos: NonNullable<Awaited<ReturnType<typeof takePhotos>>>,
): Promise<void> {
  if (photos.length === 0) return;
  await tx
    .insertInto('evidence')
    .values(
      photos.map((photo) => ({
        finding_id: findingId,
        look_id: lookId,
        kind: 'frame' as const,
        object_key: photo.object_key,
        sha256: photo.sha256,
        bytes: photo.bytes,
        content_type: 'image/jpeg',
        captured_at: capturedAt(photo, stated?.get(photo.id)),
        width: photo.width,
        height: photo.height,
        detail: JSON.stringify({
          detections: [],
          origin: photo.camera_id === null ? 'photo' : 'snapshot',
          shown: { key: photo.shown_key, sha256: photo.shown_sha256 },
          ...(stated?.has(photo.id) && { visit: stated.get(photo.id) }),
        }),
      })),
    )
    .execute();
  await tx
    .updateTable('report_photo')
    .set({ finding_id: findingId })
    .where(
      'id',
      'in',
      photos.map(({ id }) => id),
    )
    .execute();
}

function capturedAt(photo: { taken_at: Date | null; uploaded_at: Date }, stated?: StatedVisit): Date {
  return stated === undefined ? (photo.taken_at ?? photo.uploaded_at) : new Date(stated.at);
}
