/** Groups with their names, in the asked order, and without what the account may not know. */
import type { Database } from '../../db/database.ts';
import type { Group } from '../../db/statistics/query.ts';
import type { Figures, GroupFigures } from '../../db/statistics/statistics.ts';
import type { Actor } from '../../domain/access.ts';
import { may } from '../../domain/access.ts';
import { LEADS, type RATES, type SORTS } from '../schemas/statistics.ts';

export interface Label {
  code: string;
  name: string;
}

/** Codes and names of keys that are ids; the others speak for themselves. */
export async function labelsOf(
  db: Database,
  groupBy: Group,
  keys: readonly string[],
): Promise<Map<string, Label>> {
  const table = { region: 'region', town: 'region', merchant: 'merchant', camera: 'camera' } as const;
  if (!(groupBy in table)) return new Map();
  const ids = keys.filter((key) => key !== '');
  if (ids.length === 0) return new Map();
  const from = table[groupBy as keyof typeof table];
  const rows = await db.selectFrom(from).select(['id', 'code', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, code, name }) => [id, { code, name }]));
}

type Sort = (typeof SORTS)[number];

function figureOf(one: GroupFigures, sort: Exclude<Sort, 'key'>): number | null {
  if (sort === 'medianHoursToClose') return one.medianHoursToClose;
  if (sort === 'observedHours') return one.coverage.observedHours;
  if (sort === 'observed' || sort === 'online') return one.coverage[sort];
  if (sort in one.rates) return one.rates[sort as Exclude<(typeof RATES)[number], 'observed' | 'online'>];
  return one.counts[sort as keyof GroupFigures['counts']];
}

/** By the asked figure; groups where it is null come last either way, equal ones by name. */
export function inOrder(
  items: readonly GroupFigures[],
  labels: ReadonlyMap<string, Label>,
  sort: Sort,
  order: 'asc' | 'desc',
): GroupFigures[] {
  const name = ({ key }: GroupFigures): string => labels.get(key)?.code ?? key;
  const byName = (a: GroupFigures, b: GroupFigures): number =>
    name(a).localeCompare(name(b), 'en', { numeric: true });
  const sign = order === 'asc' ? 1 : -1;
  if (sort === 'key') return items.toSorted((a, b) => sign * byName(a, b));
  return items.toSorted((a, b) => {
    const [x, y] = [figureOf(a, sort), figureOf(b, sort)];
    if (x === null || y === null) return Number(x === null) - Number(y === null) || byName(a, b);
    return sign * (x - y) || byName(a, b);
  });
}

/** Findings are leads: who does not read them (the merchant, its cadre) is not told how many there are. */
export function readsLeads(actor: Actor): boolean {
  return may(actor, 'finding.read');
}

export function shown<F extends Figures>(figures: F, leads: boolean) {
  const { counts, rates, medianHoursToClose, coverage } = figures;
  if (leads) return { counts, rates, medianHoursToClose, coverage };
  const hidden = Object.fromEntries(LEADS.map((measure) => [measure, null]));
  return {
    counts: { ...counts, ...hidden },
    rates: { ...rates, dismissal: null },
    medianHoursToClose,
    coverage,
  };
}
