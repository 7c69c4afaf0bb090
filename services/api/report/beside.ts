/** What a report says beside the statistics of findings and tasks: visits of cadres, documents, leads, names of kinds. */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { countLeads } from '../../db/leads.ts';
import type { GroupFigures } from '../../db/statistics/statistics.ts';
import { loadVisits } from '../../db/statistics/visits.ts';
import type { Actor } from '../../domain/access.ts';
import { addDays, startOf, startOfNext } from '../../domain/period.ts';
import { visitRate } from '../../domain/statistics.ts';
import { inRegion, inScope, type PlaceColumns } from '../scope.ts';
import type { Label } from '../statistics/groups.ts';

type Instants = { from: Date; to: Date };
type Rate = ReturnType<typeof visitRate>;

/** 督导 of the quarter that the month lies in. */
export interface VisitTotals extends Rate {
  from: string;
  to: string;
  merchants: number;
  /** Nobody is assigned to them. */
  unassigned: number;
  towns: (Label & Rate)[];
}
export interface DocumentCount {
  type: string;
  name: string;
  issued: number;
  /** Of those issued: declared void since. */
  void: number;
}
export interface LeadTotals {
  sent: number;
  cases: number;
  rejected: number;
  concluded: number;
}

function scoped(actor: Actor, columns: PlaceColumns, region: string | undefined): RawBuilder<SqlBool> {
  const own = inScope(actor, columns);
  return region === undefined ? own : sql<SqlBool>`${own} and ${inRegion(columns.regionPath, region)}`;
}

export async function visitsOf(
  db: Database,
  actor: Actor,
  region: string | undefined,
  day: string,
): Promise<VisitTotals> {
  const quarter = { from: startOf('quarter', day), to: addDays(startOfNext('quarter', day), -1) };
  const where = scoped(actor, { regionPath: 'region.path', merchantId: 'merchant.id' }, region);
  const visits = await loadVisits(db, quarter, where);
  const towns = Map.groupBy(visits, ({ town }) => town);
  const names = await db
    .selectFrom('region')
    .select(['code', 'name'])
    .where('code', 'in', [...towns.keys(), ''])
    .execute();
  const nameOf = (code: string): string => names.find((one) => one.code === code)?.name ?? code;
  return {
    ...quarter,
    merchants: visits.length,
    unassigned: visits.filter(({ cadre }) => cadre === null).length,
    ...visitRate(visits),
    towns: [...towns]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, some]) => ({ code, name: nameOf(code), ...visitRate(some) })),
  };
}

/** Documents issued in the month, by type; types without any are named too. */
export async function documentsIssued(
  db: Database,
  actor: Actor,
  region: string | undefined,
  { from, to }: Instants,
): Promise<DocumentCount[]> {
  const columns = {
    regionPath: 'place.path',
    merchantId: 'document.merchant_id',
    cameraId: 'finding.camera_id',
  };
  const rows = await db
    .selectFrom('document')
    .innerJoin('task', 'task.id', 'document.task_id')
    .innerJoin('finding', 'finding.id', 'task.finding_id')
    .innerJoin('region as place', 'place.id', 'task.region_id')
    .where(scoped(actor, columns, region))
    .where('document.issued_at', '>=', from)
    .where('document.issued_at', '<', to)
    .groupBy('document.type')
    .select((eb) => [
      'document.type',
      eb.fn.countAll<string>().as('issued'),
      sql<string>`count(*) filter (where document.state = 'void')`.as('void'),
    ])
    .execute();
  const types = await db.selectFrom('document_type').select(['code', 'name']).orderBy('code').execute();
  return types.map(({ code, name }) => {
    const row = rows.find(({ type }) => type === code);
    return { type: code, name, issued: Number(row?.issued ?? 0), void: Number(row?.void ?? 0) };
  });
}

export async function leadsSent(
  db: Database,
  actor: Actor,
  region: string | undefined,
  instants: Instants,
): Promise<LeadTotals> {
  const columns = {
    regionPath: 'region.path',
    merchantId: 'lead.merchant_id',
    cameraId: 'finding.camera_id',
  };
  const rows = await countLeads(db, instants, scoped(actor, columns, region));
  const sum = (name: keyof LeadTotals): number => rows.reduce((all, row) => all + row[name], 0);
  return { sent: sum('sent'), cases: sum('cases'), rejected: sum('rejected'), concluded: sum('concluded') };
}

/** Kinds that models look for, with how often people found them right. */
export async function kindsNamed(db: Database, items: readonly GroupFigures[]) {
  const kinds = await db
    .selectFrom('finding_kind')
    .select(['code', 'name_zh', 'name_en'])
    .where('modelled', '=', true)
    .orderBy('code')
    .execute();
  return kinds.map(({ code, name_zh: nameZh, name_en: nameEn }) => {
    const counts = items.find(({ key }) => key === code)?.counts;
    return {
      kind: code,
      nameZh,
      nameEn,
      confirmed: counts?.confirmed ?? 0,
      dismissed: counts?.dismissed ?? 0,
    };
  });
}
