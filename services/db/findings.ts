import { sql } from 'kysely';
import type { SeenZone } from '../domain/areas.ts';
import type { EdgeRule } from '../domain/edge-place.ts';
import { localTime } from '../domain/hours.ts';
import { fingerprint, takesIn } from '../domain/merge.ts';
import { classOf, type Policy, resolvePolicy } from '../domain/policy.ts';
import type { Rule } from '../domain/rules.ts';
import { isViolationKind, type ModelRef, type ZoneKind } from '../domain/words.ts';
import type { Database, Tx } from './database.ts';
import { dispatchByPolicy } from './dispatch.ts';
import { appendEvent } from './events.ts';
import { fateOf, lockRoot } from './finding-family.ts';
import { addEvidence, addMoreEvidence, type LookEvidence, linkLook } from './look-evidence.ts';
import { decideLook } from './looks.ts';
import { policiesInForce } from './policy.ts';
import type { CameraRecord } from './registry.ts';
import { seenIn, seenInFamily } from './zone-evidence.ts';

/** One rule that a look confirmed. */
export interface Confirmed {
  rule: Rule | EdgeRule;
  /** Mean over the frames that showed it, 0..1; of a box's alarm that nobody could check, what the box says. */
  score: number;
  /** The models that answer for this kind; absent: all of the look's. */
  models?: readonly ModelRef[];
  /** A zone of the picture, and what of it belongs there: only that is the finding's evidence. Absent: the camera's own, with all. */
  zone?: { id: string; kind: ZoneKind; owns?: SeenZone['owns'] };
}

/** A look that a rule confirmed, with the frames as received and what was seen in them. */
export interface ConfirmedLook extends LookEvidence {
  camera: CameraRecord;
  capturedAt: Date;
  models: ModelRef[];
  /** Rules that were confirmed, with the mean score of the frames that showed it (0..1). */
  confirmed: Confirmed[];
  /** Absent: our own models. */
  source?: 'edge';
}

export interface RecordedFinding {
  id: string;
  isNew: boolean;
}

/**
 * One transaction: the look's outcome, its minute of coverage, finding(s), evidence, alert, events and outbox rows.
 * Runs any number of times for the same look with the effect of once.
 * @returns undefined when the look had its outcome already
 */
export async function recordFindings(
  db: Database,
  look: ConfirmedLook,
  now: Date,
): Promise<RecordedFinding[] | undefined> {
  return await db.transaction().execute(async (tx) => {
    const kinds = look.confirmed.map(({ rule }) => rule.kind).join(', ');
    if (!(await decideLook(tx, look.lookId, 'finding', kinds, now))) return undefined;
    await sql`select coverage_mark(${look.camera.id}, ${look.capturedAt}, 'L')`.execute(tx);
    const recorded: RecordedFinding[] = [];
    // In a fixed order, so that two looks of one camera never wait for each other.
    const inOrder = [...look.confirmed].sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
    for (const confirmed of inOrder) recorded.push(await recordFinding(tx, look, confirmed, now));
    return recorded;
  });
}

const orderOf = ({ rule, zone }: Confirmed): string => `${rule.kind}|${zone?.id ?? ''}`;

/** Merges it into the finding of the same place and kind, or opens one. Inside the caller's transaction. */
export async function recordFinding(
  tx: Tx,
  whole: ConfirmedLook,
  confirmed: Confirmed,
  now: Date,
): Promise<RecordedFinding> {
  const { zone } = confirmed;
  const own = whole.camera;
  const camera = zone === undefined ? own : { ...own, zoneId: zone.id, zoneKind: zone.kind };
  const look: ConfirmedLook = { ...whole, camera, frames: seenIn(whole.frames, zone?.owns) };
  const { rule, score } = confirmed;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`finding|${camera.id}|${camera.zoneId}|${rule.kind}`}, 0))`.execute(
    tx,
  );
  const near = await tx
    .selectFrom('finding')
    .select(['id', 'first_seen'])
    .where('camera_id', '=', camera.id)
    .where('zone_id', '=', camera.zoneId)
    .where('kind', '=', rule.kind)
    .where('first_seen', '>', new Date(look.capturedAt.getTime() - rule.mergeWindowMin * 60_000))
    .where('first_seen', '<', new Date(look.capturedAt.getTime() + rule.mergeWindowMin * 60_000))
    .orderBy('first_seen')
    .execute();
  for (const { id, first_seen: firstSeen } of near) {
    const root = await lockRoot(tx, id);
    const fate = await fateOf(tx, root);
    if (takesIn({ firstSeen, fate }, look.capturedAt, rule.mergeWindowMin))
      return await seenAgain(
        tx,
        root,
        { ...look, frames: await seenInFamily(tx, root, whole, confirmed) },
        score,
      );
  }
  const resolved = resolvePolicy(await policiesInForce(tx, now), camera.regionPath);
  const besideLook = near.length === 0 ? undefined : look.lookId;
  const opened = await openFinding(tx, look, confirmed, { policy: resolved.policy, besideLook }, now);
  await addEvidence(tx, opened.id, look);
  await linkLook(tx, opened.id, look);
  const { kind } = rule;
  // What a box claims is no finding of a model that was measured.
  if (look.source === undefined && isViolationKind(kind))
    await dispatchByPolicy(tx, { ...opened, kind, regionPath: camera.regionPath }, resolved, now);
  return { id: opened.id, isNew: true };
}

async function seenAgain(tx: Tx, id: string, look: ConfirmedLook, score: number): Promise<RecordedFinding> {
  if (!(await linkLook(tx, id, look))) return { id, isNew: false };
  await addMoreEvidence(tx, id, look, score);
  // A look out of a gateway's buffer may be older than the first one. The fingerprint stays that of the look that
  // opened the finding, so first_seen must not move: only last_seen does. The version guards what somebody decides: of what
  // is judged a look changes nothing, and the one who judged it must still be able to take it back.
  const row = await tx
    .updateTable('finding')
    .set((eb) => ({
      count: eb('count', '+', 1),
      last_seen: eb.fn<Date>('greatest', ['last_seen', eb.val(look.capturedAt)]),
      score: eb.fn<number>('greatest', ['score', eb.val(score)]),
      version: eb
        .case()
        .when('state', '=', 'pending_review')
        .then(eb('version', '+', 1))
        .else(eb.ref('version'))
        .end(),
    }))
    .where('id', '=', id)
    .returning(['count', 'state', 'kind'])
    .executeTakeFirstOrThrow();
  await appendEvent(tx, {
    type: 'finding.seen_again',
    regionPath: look.camera.regionPath,
    merchantId: look.camera.merchantId,
    payload: { findingId: id, cameraId: look.camera.id, kind: row.kind, state: row.state, count: row.count },
  });
  return { id, isNew: false };
}

async function openFinding(
  tx: Tx,
  look: ConfirmedLook,
  { rule, score, models = look.models }: Confirmed,
  { policy, besideLook }: { policy: Policy; besideLook: string | undefined },
  now: Date,
): Promise<{ id: string; fingerprint: string; models: readonly ModelRef[] }> {
  const { camera } = look;
  const findingClass = classOf(policy, rule.kind, rule.class);
  const key = fingerprint({
    cameraId: camera.id,
    zoneId: camera.zoneId,
    kind: rule.kind,
    firstSeen: look.capturedAt,
    mergeWindowMin: rule.mergeWindowMin,
    besideLook,
  });
  const { id } = await tx
    .insertInto('finding')
    .values({
      fingerprint: key,
      camera_id: camera.id,
      zone_id: camera.zoneId,
      merchant_id: camera.merchantId,
      region_id: camera.regionId,
      kind: rule.kind,
      class: findingClass,
      first_seen: look.capturedAt,
      last_seen: look.capturedAt,
      score,
      rule: JSON.stringify(rule),
      models: JSON.stringify(models),
      source: look.source ?? 'model',
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('history')
    .values({ entity: 'finding', entity_id: id, from_state: null, to_state: 'pending_review', at: now })
    .execute();
  if (await withinDailyCap(tx, look, rule, now)) {
    await tx
      .insertInto('alert')
      .values({
        audience: 'inspector',
        region_id: camera.regionId,
        merchant_id: camera.merchantId,
        finding_id: id,
        task_id: null,
        kind: rule.kind,
        class: findingClass,
        created_at: now,
      })
      .execute();
  }
  await appendEvent(tx, {
    type: 'finding.created',
    regionPath: camera.regionPath,
    merchantId: camera.merchantId,
    payload: {
      findingId: id,
      cameraId: camera.id,
      cameraCode: camera.code,
      regionPath: camera.regionPath,
      merchantCode: camera.merchantCode,
      zoneKind: camera.zoneKind,
      kind: rule.kind,
      class: findingClass,
      source: look.source ?? 'model',
      before: null,
      after: { state: 'pending_review' },
      firstSeen: look.capturedAt.toISOString(),
      score,
      models,
    },
  });
  return { id, fingerprint: key, models };
}

/** Alerts of this merchant and kind since local midnight are below the rule's cap. */
async function withinDailyCap(
  tx: Tx,
  look: ConfirmedLook,
  rule: Confirmed['rule'],
  now: Date,
): Promise<boolean> {
  const { minute } = localTime(now, look.camera.timeZone);
  const midnight = new Date(now.getTime() - minute * 60_000 - (now.getTime() % 60_000));
  const { sent } = await tx
    .selectFrom('alert')
    .select((eb) => eb.fn.countAll<string>().as('sent'))
    .where('merchant_id', '=', look.camera.merchantId)
    .where('audience', '=', 'inspector')
    .where('task_id', 'is', null)
    .where('kind', '=', rule.kind)
    .where('created_at', '>=', midnight)
    .executeTakeFirstOrThrow();
  return Number(sent) < rule.dailyCap;
}
