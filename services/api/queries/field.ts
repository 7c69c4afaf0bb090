/** What is to be done at merchants, for those who go there. */
import type { Static } from 'typebox';
import { clockOf, factsOf } from '../../db/task-record.ts';
import type { Actor } from '../../domain/access.ts';
import { reasonToVisit } from '../../domain/field-visit.ts';
import { overdueStep } from '../../domain/task-clock.ts';
import { ENDED_STATES, OWED_STATES, visitRequired } from '../../domain/task-life.ts';
import type { ApiContext } from '../context.ts';
import type { FieldStop, FieldTask } from '../schemas/field.ts';
import { inRegion, inScope } from '../scope.ts';
import { placeOf } from './geo.ts';
import { selectTasks, type TaskRow, taskItems } from './tasks.ts';

type Stop = Static<typeof FieldStop>;
type Stopped = Static<typeof FieldTask>;

const PLACE = { regionPath: 'region.path', merchantId: 'task.merchant_id', cameraId: 'finding.camera_id' };
const OPEN = [...OWED_STATES, 'submitted', 'appealed', 'recheck_due'] as const;
/** A phone shows no more, and keeps them for when there is no line. */
const MOST_STOPS = 200;
const MOST_FINDINGS = 20;
const ORDER = { visit: 0, overdue: 1, recheck: 2, open: 3 };

interface Asked {
  all: boolean;
  region?: string | undefined;
}

/** Merchants with something due, the earliest first. */
export async function loadStops(
  context: ApiContext,
  actor: Actor,
  asked: Asked,
): Promise<{ total: number; stops: Stop[] }> {
  const { db } = context;
  const now = context.now();
  let query = selectTasks(db)
    .clearSelect()
    .select('task.merchant_id')
    .distinct()
    .where(inScope(actor, PLACE))
    .where('task.state', 'in', OPEN);
  if (asked.region !== undefined) query = query.where(inRegion('region.path', asked.region));
  // What cannot be a reason to go is left out early; whether it is one, the rules say below.
  if (!asked.all)
    query = query.where((eb) =>
      eb.or([
        eb('task.submit_by', '<', now),
        eb.and([eb('task.acknowledged_at', 'is', null), eb('task.acknowledge_by', '<', now)]),
        eb('task.returns', '>', 0),
        eb.and([eb('task.state', '=', 'recheck_due'), eb('task.by_people', '=', true)]),
      ]),
    );
  const ids = (await query.execute()).map(({ merchant_id }) => merchant_id);
  const stops = (await stopsOf(context, actor, ids)).filter(
    ({ tasks }) => asked.all || tasks.some(({ reason }) => reason !== 'open'),
  );
  stops.sort(
    (a, b) => (a.due ?? '').localeCompare(b.due ?? '') || a.merchant.code.localeCompare(b.merchant.code),
  );
  return { total: stops.length, stops: stops.slice(0, MOST_STOPS) };
}

/** Stops of these merchants with all that is open there. */
export async function stopsOf(
  context: ApiContext,
  actor: Actor,
  merchantIds: readonly string[],
): Promise<Stop[]> {
  if (merchantIds.length === 0) return [];
  const { db } = context;
  const ids = [...merchantIds];
  const [merchants, zones, tasks, findings] = await Promise.all([
    db
      .selectFrom('merchant')
      .innerJoin('region', 'region.id', 'merchant.region_id')
      .selectAll('merchant')
      .select(['region.code as region_code', 'region.path as region_path', 'region.name as region_name'])
      .where('merchant.id', 'in', ids)
      .execute(),
    db.selectFrom('zone').selectAll().where('merchant_id', 'in', ids).orderBy('code').execute(),
    openTasks(context, actor, ids),
    waitingFindings(context, actor, ids),
  ]);
  return merchants.map((row) => {
    const own = tasks.get(row.id) ?? [];
    return {
      merchant: { id: row.id, code: row.code, name: row.name },
      region: { id: row.region_id, code: row.region_code, path: row.region_path, name: row.region_name },
      type: row.type,
      level: row.level,
      licenceNo: row.licence_no,
      place: placeOf(row),
      address: row.address,
      phone: row.phone,
      zones: zones.filter(({ merchant_id }) => merchant_id === row.id).map(zoneItem),
      due: own[0]?.due ?? null,
      tasks: own,
      findings: (findings.get(row.id) ?? []).slice(0, MOST_FINDINGS),
    };
  });
}

const zoneItem = ({ id, code, kind, name }: Stop['zones'][number]) => ({ id, code, kind, name });

async function openTasks(context: ApiContext, actor: Actor, ids: string[]): Promise<Map<string, Stopped[]>> {
  const rows = await selectTasks(context.db)
    .select('finding.text as finding_text')
    .where(inScope(actor, PLACE))
    .where('task.merchant_id', 'in', ids)
    .where('task.state', 'in', OPEN)
    .execute();
  const items = await taskItems(context, rows);
  const byMerchant = new Map<string, Stopped[]>();
  const now = context.now();
  rows.forEach((row, i) => {
    const item = items[i];
    if (item === undefined) return;
    const stopped = { ...item, ...whyOf(row, now), text: row.finding_text };
    byMerchant.set(row.merchant_id, [...(byMerchant.get(row.merchant_id) ?? []), stopped]);
  });
  for (const own of byMerchant.values())
    own.sort((a, b) => ORDER[a.reason] - ORDER[b.reason] || a.due.localeCompare(b.due));
  return byMerchant;
}

function whyOf(row: TaskRow, now: Date): Pick<Stopped, 'reason' | 'due' | 'byPeople'> {
  const step = overdueStep(clockOf(row), now);
  const facts = {
    state: row.state,
    visitRequired: visitRequired(factsOf(row)),
    overdue: step !== null,
    byPeople: row.by_people,
  };
  const ofRecheck = row.state === 'recheck_due' ? row.recheck_until : null;
  const due = ofRecheck ?? (step === 'acknowledge' ? row.acknowledge_by : row.submit_by);
  return { reason: reasonToVisit(facts) ?? 'open', due: due.toISOString(), byPeople: row.by_people };
}

async function waitingFindings(context: ApiContext, actor: Actor, ids: string[]) {
  const rows = await context.db
    .selectFrom('finding')
    .innerJoin('zone', 'zone.id', 'finding.zone_id')
    .innerJoin('region', 'region.id', 'finding.region_id')
    .select([
      'finding.id',
      'finding.merchant_id',
      'finding.kind',
      'finding.class',
      'finding.state',
      'finding.first_seen',
      'finding.text',
      'finding.version',
      'zone.id as zone_id',
      'zone.code',
      'zone.kind as zone_kind',
      'zone.name',
    ])
    .where(
      inScope(actor, {
        regionPath: 'region.path',
        merchantId: 'finding.merchant_id',
        cameraId: 'finding.camera_id',
      }),
    )
    .where('finding.merchant_id', 'in', ids)
    .where('finding.state', '=', 'pending_review')
    .orderBy('finding.first_seen', 'desc')
    .orderBy('finding.id')
    .execute();
  const byMerchant = new Map<string, Stop['findings']>();
  for (const row of rows) {
    const item = {
      id: row.id,
      kind: row.kind,
      class: row.class,
      state: row.state,
      firstSeen: row.first_seen.toISOString(),
      zone: { id: row.zone_id, code: row.code, kind: row.zone_kind, name: row.name },
      text: row.text,
      version: row.version,
    };
    byMerchant.set(row.merchant_id, [...(byMerchant.get(row.merchant_id) ?? []), item]);
  }
  return byMerchant;
}

/** Tasks of a merchant that are over, latest first. */
export async function pastTasks(context: ApiContext, actor: Actor, merchantId: string, limit: number) {
  const over = ENDED_STATES.filter((state) => state !== 'recheck_due');
  const rows = await selectTasks(context.db)
    .where(inScope(actor, PLACE))
    .where('task.merchant_id', '=', merchantId)
    .where('task.state', 'in', over)
    .orderBy('task.issued_at', 'desc')
    .orderBy('task.id')
    .limit(limit)
    .execute();
  return await taskItems(context, rows);
}
