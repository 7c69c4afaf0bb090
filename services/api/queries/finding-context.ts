/** What stands beside a finding on the desk. */
import { sql } from 'kysely';
import type { Static } from 'typebox';
import { APPEAL_UPHELD, confirmedStill, confirmedWrongly } from '../../db/appeal-upheld.ts';
import type { Actor } from '../../domain/access.ts';
import { localTime } from '../../domain/hours.ts';
import type { ApiContext } from '../context.ts';
import { firstMinute, floorToHour, floorToMinute, minutesWithin } from '../coverage-range.ts';
import type { FindingContext } from '../schemas/desk.ts';
import { inScope } from '../scope.ts';
import { evidenceItem, loadCovers } from './evidence.ts';
import { type FindingRow, selectFindings, siblingItem } from './findings.ts';

type Context = Static<typeof FindingContext>;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const MOST_AROUND = 20;
const MOST_PAST = 8;
const PAST_DAYS = 90;
const PLACE = { regionPath: 'region.path', merchantId: 'finding.merchant_id', cameraId: 'finding.camera_id' };

const zoneOf = (row: FindingRow) => ({
  id: row.zone_id,
  code: row.zone_code,
  kind: row.zone_kind,
  name: row.zone_name,
});

/** Findings of the same merchant and kind within a day that wait too, nearest first, with their pictures: nobody judges unseen. */
export async function loadAround(
  { db, files }: ApiContext,
  actor: Actor,
  finding: FindingRow,
): Promise<Context['around']> {
  const rows = await selectFindings(db)
    .where(inScope(actor, PLACE))
    .where('finding.merchant_id', '=', finding.merchant_id)
    .where('finding.kind', '=', finding.kind)
    .where('finding.state', '=', 'pending_review')
    .where('finding.id', '<>', finding.id)
    .where('finding.first_seen', '>', new Date(finding.first_seen.getTime() - DAY_MS))
    .where('finding.first_seen', '<', new Date(finding.first_seen.getTime() + DAY_MS))
    .orderBy(sql`abs(extract(epoch from finding.first_seen - ${finding.first_seen}::timestamptz))`)
    .orderBy('finding.id')
    .limit(MOST_AROUND)
    .execute();
  const covers = await loadCovers(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => {
    const frame = covers.get(row.id)?.frame;
    return {
      ...siblingItem(row),
      class: row.class,
      score: row.score,
      zone: zoneOf(row),
      frame: frame === undefined ? null : evidenceItem(files, frame),
    };
  });
}

/** What was judged at this merchant before, newest first. */
export async function loadPast(
  { db }: ApiContext,
  actor: Actor,
  finding: FindingRow,
): Promise<Context['past']> {
  const rows = await selectFindings(db)
    .select(confirmedWrongly().as('upheld'))
    .where(inScope(actor, PLACE))
    .where('finding.merchant_id', '=', finding.merchant_id)
    .where('finding.id', '<>', finding.id)
    .where('finding.state', 'in', ['confirmed', 'dismissed'])
    .orderBy('finding.first_seen', 'desc')
    .orderBy('finding.id', 'desc')
    .limit(MOST_PAST)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    state: row.state,
    firstSeen: row.first_seen.toISOString(),
    zone: zoneOf(row),
    reason: row.upheld ? APPEAL_UPHELD : row.state === 'dismissed' ? (row.verdict_reason ?? '') : '',
    task:
      row.task_id === null || row.task_state === null
        ? null
        : { id: row.task_id, number: row.task_number ?? '', state: row.task_state },
  }));
}

export async function countVerdicts(
  { db }: ApiContext,
  actor: Actor,
  finding: FindingRow,
): Promise<Context['verdicts']> {
  const counts = await db
    .selectFrom('finding')
    .innerJoin('region', 'region.id', 'finding.region_id')
    .select((eb) => [
      eb.fn.countAll<string>().filterWhere(confirmedStill()).as('confirmed'),
      eb.fn
        .countAll<string>()
        .filterWhere(eb.or([eb('finding.state', '=', 'dismissed'), confirmedWrongly()]))
        .as('dismissed'),
    ])
    .where(inScope(actor, PLACE))
    .where('finding.merchant_id', '=', finding.merchant_id)
    .where('finding.kind', '=', finding.kind)
    .where('finding.id', '<>', finding.id)
    .where('finding.first_seen', '>', new Date(finding.first_seen.getTime() - PAST_DAYS * DAY_MS))
    .executeTakeFirstOrThrow();
  return { confirmed: Number(counts.confirmed), dismissed: Number(counts.dismissed) };
}

/** How the camera was looked at on the day of the finding, up to now. */
export async function loadDay({ db, now }: ApiContext, finding: FindingRow): Promise<Context['coverage']> {
  if (finding.camera_id === null) return null;
  const camera = await db
    .selectFrom('camera')
    .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select(['camera.created_at', 'camera.removed_at', 'region.time_zone'])
    .where('camera.id', '=', finding.camera_id)
    .executeTakeFirst();
  if (camera === undefined) return null;
  const seenAt = floorToMinute(finding.first_seen);
  const { minute } = localTime(seenAt, camera.time_zone);
  const day = new Date(seenAt.getTime() - minute * MINUTE_MS);
  const ends = [day.getTime() + DAY_MS, floorToMinute(now()).getTime(), camera.removed_at?.getTime()];
  const to = new Date(Math.max(day.getTime(), Math.min(...ends.flatMap((end) => end ?? []))));
  const rows = await db
    .selectFrom('coverage')
    .select(['hour', 'minutes'])
    .where('camera_id', '=', finding.camera_id)
    .where('hour', '>=', floorToHour(day))
    .where('hour', '<', to)
    .orderBy('hour')
    .execute();
  const first = firstMinute(rows)?.getTime() ?? Number.POSITIVE_INFINITY;
  // A camera owes minutes from when it was added, or from its first letter.
  const owes = Math.min(camera.created_at.getTime(), first, to.getTime());
  const from = floorToMinute(new Date(Math.max(day.getTime(), owes)));
  return {
    day: day.toISOString(),
    from: from.toISOString(),
    to: to.toISOString(),
    minutes: minutesWithin(rows, from, to),
    hours: rows.map(({ hour, minutes }) => ({ hour: hour.toISOString(), minutes })),
  };
}
