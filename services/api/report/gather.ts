/** The figures of a month's report: from the same statistics as the director's page. */
import { type SqlBool, sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { waitingCoverage } from '../../db/statistics/roll-up.ts';
import { type Figures, loadStatistics } from '../../db/statistics/statistics.ts';
import type { Actor } from '../../domain/access.ts';
import { addDays, type Period, startOf, startOfNext } from '../../domain/period.ts';
import { instantOf } from '../../domain/zone-time.ts';
import { askedOf } from '../statistics/asked.ts';
import { inOrder, type Label, labelsOf } from '../statistics/groups.ts';
import {
  type DocumentCount,
  documentsIssued,
  kindsNamed,
  type LeadTotals,
  leadsSent,
  type VisitTotals,
  visitsOf,
} from './beside.ts';

/** Months of the trends, this one included. */
const MONTHS = 12;
const MOST_OFFENDERS = 15;
/** Confirmed so often in the month, a merchant is a repeat offender. */
const REPEATED = 2;

export interface MonthReport {
  from: string;
  to: string;
  timeZone: string;
  asOf: Date;
  /** The month is not over yet. */
  underWay: boolean;
  /** Camera-days whose coverage waits to be summed up. */
  coverageWaiting: number;
  /** null: all regions of the account. */
  region: Label | null;
  totals: Figures;
  /** The month before. */
  previous: Figures;
  /** The last twelve months, this one last. */
  series: (Figures & { start: string })[];
  /** Directly below the region; most overdue first. */
  regions: (Label & Figures)[];
  offenders: (Label & Pick<Figures, 'counts'>)[];
  /** Of what models found and people judged. */
  precision: { kind: string; nameZh: string; nameEn: string; confirmed: number; dismissed: number }[];
  visits: VisitTotals;
  documents: DocumentCount[];
  leads: LeadTotals;
}

/** @param asked `month`: YYYY-MM, local @throws Problem that names the field */
export async function gatherReport(
  db: Database,
  actor: Actor,
  asked: { month: string; region?: string | undefined },
  now: Date,
): Promise<MonthReport> {
  const from = `${asked.month}-01`;
  const period = monthOf(from);
  const region = asked.region === undefined ? {} : { region: asked.region };
  const { query: wanted, timeZone } = await askedOf(db, actor, now, { ...period, ...region });
  // Of all regions, when there is one above all others: that one, so that the ranking has those below it.
  const query = { ...wanted, regionPath: wanted.regionPath ?? (await onlyRoot(db)) };
  // One after the other: each takes several connections, and a report is in no hurry.
  const { totals } = await loadStatistics(db, query);
  const previous = await loadStatistics(db, { ...query, period: monthOf(addDays(from, -1)) });
  const trend = { from: monthsBefore(from, MONTHS - 1), to: period.to };
  const { series } = (await loadStatistics(db, { ...query, period: trend, step: 'month' })).totals;
  const byRegion = await loadStatistics(db, { ...query, groupBy: 'region' });
  const byMerchant = await loadStatistics(db, { ...query, groupBy: 'merchant' });
  const byKind = await loadStatistics(db, { ...query, groupBy: 'kind', source: 'model', person: true });
  const keys = (items: readonly { key: string }[]): string[] => items.map(({ key }) => key);
  const regionLabels = await labelsOf(db, 'region', keys(byRegion.items));
  const often = byMerchant.items.filter(({ counts }) => counts.confirmed >= REPEATED);
  const merchantLabels = await labelsOf(db, 'merchant', keys(often));
  const instants = {
    from: new Date(instantOf(from, 0, timeZone)),
    to: new Date(instantOf(addDays(period.to, 1), 0, timeZone)),
  };
  return {
    ...period,
    timeZone,
    asOf: now,
    underWay: now < instants.to,
    coverageWaiting: (await waitingCoverage(db)).waiting,
    region: await regionNamed(db, query.regionPath),
    totals,
    previous: previous.totals,
    series,
    regions: inOrder(byRegion.items, regionLabels, 'overdue', 'desc').map((item) => ({
      ...labelOf(regionLabels, item.key),
      ...item,
    })),
    offenders: inOrder(often, merchantLabels, 'confirmed', 'desc')
      .slice(0, MOST_OFFENDERS)
      .map(({ key, counts }) => ({ ...labelOf(merchantLabels, key), counts })),
    precision: await kindsNamed(db, byKind.items),
    visits: await visitsOf(db, actor, asked.region, from),
    documents: await documentsIssued(db, actor, asked.region, instants),
    leads: await leadsSent(db, actor, asked.region, instants),
  };
}

const monthOf = (date: string): Period => {
  const from = startOf('month', date);
  return { from, to: addDays(startOfNext('month', from), -1) };
};

function monthsBefore(first: string, months: number): string {
  let at = first;
  for (let i = 0; i < months; i += 1) at = startOf('month', addDays(at, -1));
  return at;
}

const labelOf = (labels: ReadonlyMap<string, Label>, key: string): Label =>
  labels.get(key) ?? { code: key, name: key };

async function regionNamed(db: Database, path: string | null): Promise<Label | null> {
  if (path === null) return null;
  const row = await db
    .selectFrom('region')
    .select(['code', 'name'])
    .where(sql<SqlBool>`path = ${path}`)
    .executeTakeFirst();
  return row ?? null;
}

async function onlyRoot(db: Database): Promise<string | null> {
  const roots = await db
    .selectFrom('region')
    .select('path')
    .where('parent_id', 'is', null)
    .limit(2)
    .execute();
  return roots.length === 1 ? (roots[0]?.path ?? null) : null;
}
