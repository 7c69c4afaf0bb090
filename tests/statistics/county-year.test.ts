/** A made-up year of a county through the real commands: what the API says equals what another count of the raw rows says. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyHistory } from '../../services/db/verify-history.ts';
import { countByTown, coverageByTown } from '../../tools/county-year/independent.ts';
import { COUNTY_YEAR, seedCountyYear } from '../../tools/county-year/seed.ts';
import { as, type Call, useApi } from '../api/support.ts';

/** An eighth of a county: its year takes seconds. `npm run -s bench -- statistics` makes a whole one. */
const SIZE = { ...COUNTY_YEAR, merchants: 200, cameras: 325, findings: 205, letterDays: 3 };
const YEAR = 'from=2025-01-01&to=2025-12-31';

const api = useApi();
let director: Call;
let raw: pg.Pool;

interface Figures {
  counts: Record<string, number>;
  rates: Record<string, number | null>;
  medianHoursToClose: number | null;
  coverage: Record<string, number | null> & { minutes: Record<string, number> };
}
interface Item extends Figures {
  key: string;
  code: string | null;
  rank: number;
  series: (Figures & { start: string })[];
}
interface Answer {
  totals: Figures & { series: (Figures & { start: string })[] };
  previous: Figures | null;
  items: Item[];
  groups: number;
}

async function ask(query: string, call = director): Promise<Answer> {
  const answer = await call(`GET /statistics?${query}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<Answer>();
}

beforeAll(async () => {
  const { db } = api().context;
  await seedCountyYear(db, SIZE);
  director = await as(api(), 'director', 'director');
  raw = new pg.Pool({ connectionString: api().databaseUrl, max: 2 });
  // Its connections may still be closing when the database is dropped.
  raw.on('error', () => {});
}, 240_000);
afterAll(() => raw.end());

test('the year has as many findings as was asked for, and an unbroken history', async () => {
  const { totals } = await ask(`${YEAR}`);
  expect(totals.counts.found).toBe(SIZE.findings);
  expect(totals.counts.issued).toBeGreaterThan(150);
  expect((await verifyHistory(api().context.db)).faults).toEqual([]);
});

test.each([
  ['a year', '2025-01-01', '2025-12-31'],
  ['a quarter', '2025-04-01', '2025-06-30'],
  ['some days', '2025-10-03', '2025-11-17'],
])('figures by town over %s equal those counted another way', async (_, from, to) => {
  const { items, totals } = await ask(`from=${from}&to=${to}&groupBy=town`);
  const others = await countByTown(raw, from, to, api().clock.now());
  const mine = new Map(items.map((item) => [item.code, item]));
  for (const other of others) {
    const item = mine.get(other.town);
    const counts = item?.counts ?? {};
    expect(
      {
        confirmed: counts.confirmed ?? 0,
        dismissed: counts.dismissed ?? 0,
        due: counts.due ?? 0,
        rectified: counts.rectified ?? 0,
        on_time: counts.onTime ?? 0,
        closed: counts.closed ?? 0,
        watched: counts.watched ?? 0,
        recurred: counts.recurred ?? 0,
      },
      other.town,
    ).toEqual({
      confirmed: other.confirmed,
      dismissed: other.dismissed,
      due: other.due,
      rectified: other.rectified,
      on_time: other.on_time,
      closed: other.closed,
      watched: other.watched,
      recurred: other.recurred,
    });
    expect(item?.rates.rectification ?? null).toBe(other.due === 0 ? null : other.rectified / other.due);
    expect(item?.rates.recurrence ?? null).toBe(other.watched === 0 ? null : other.recurred / other.watched);
    if (other.median === null) expect(item?.medianHoursToClose ?? null).toBeNull();
    else expect(item?.medianHoursToClose).toBeCloseTo(Number(other.median), 6);
  }
  const sum = (measure: keyof (typeof others)[number]) =>
    others.reduce((total, other) => total + Number(other[measure]), 0);
  expect([totals.counts.due, totals.counts.rectified, totals.counts.closed]).toEqual([
    sum('due'),
    sum('rectified'),
    sum('closed'),
  ]);
});

test('observed minutes by town equal the letters, counted one by one', async () => {
  const { items } = await ask('from=2025-12-30&to=2025-12-31&groupBy=town');
  const others = await coverageByTown(raw, '2025-12-30', '2025-12-31');
  expect(others.length).toBeGreaterThan(10);
  for (const other of others) {
    const coverage = items.find(({ code }) => code === other.town)?.coverage;
    const minutes = coverage?.minutes ?? {};
    expect([(minutes.looked ?? 0) + (minutes.unchanged ?? 0), minutes.closed, minutes.offline]).toEqual([
      other.observed,
      other.closed,
      other.offline,
    ]);
    const owed = other.cameras * 2 * 1440;
    expect(minutes.owed).toBe(owed);
    expect(coverage?.observed).toBeCloseTo(other.observed / (owed - other.closed), 12);
  }
});

test.each(['town', 'region', 'type', 'level', 'merchant', 'camera', 'zone', 'kind', 'class'])(
  'groups by %s add up to the totals, and steps to their group',
  async (groupBy) => {
    const { items, totals, groups } = await ask(`${YEAR}&groupBy=${groupBy}&step=quarter&limit=3000`);
    expect(items).toHaveLength(groups);
    for (const measure of ['found', 'confirmed', 'due', 'rectified', 'closed']) {
      const sum = items.reduce((total, item) => total + (item.counts[measure] ?? 0), 0);
      expect(sum, measure).toBe(totals.counts[measure]);
      for (const item of items) {
        const steps = item.series.reduce((total, step) => total + (step.counts[measure] ?? 0), 0);
        expect(steps, `${measure} of ${item.key}`).toBe(item.counts[measure]);
      }
    }
    if (['kind', 'class'].includes(groupBy)) {
      for (const item of items) expect(item.coverage).toEqual(totals.coverage);
    } else {
      const minutes = items.reduce((total, item) => total + (item.coverage.minutes.looked ?? 0), 0);
      expect(minutes).toBe(totals.coverage.minutes.looked);
    }
  },
);

test('a year by week, by month and as a whole observed the same minutes', async () => {
  const [whole, weeks, months] = await Promise.all([
    ask(YEAR),
    ask(`${YEAR}&step=week`),
    ask(`${YEAR}&step=month`),
  ]);
  expect(weeks.totals.coverage).toEqual(whole.totals.coverage);
  expect(months.totals.coverage).toEqual(whole.totals.coverage);
  expect(weeks.totals.series[0]?.start).toBe('2024-12-30');
  expect(months.totals.series).toHaveLength(12);
});

test('a finding stands under its model, and models do not add up to more findings than there are', async () => {
  const { items, totals } = await ask(`${YEAR}&groupBy=model`);
  expect(items.map(({ key }) => key).sort()).toEqual([
    'head-attributes 0.1.0',
    'head-attributes 0.2.0',
    'rodent 0.1.0',
  ]);
  expect(items.reduce((sum, { counts }) => sum + (counts.found ?? 0), 0)).toBe(totals.counts.found);
});

test('the list behind a number has as many things as the number says, through all its pages', async () => {
  const { items } = await ask(`${YEAR}&groupBy=town&step=quarter&sort=due`);
  const [first] = items;
  const step = first?.series.find(({ counts }) => (counts.overdue ?? 0) > 0) ?? first?.series[1];
  for (const measure of ['found', 'dismissed', 'due', 'rectified', 'overdue', 'recurred']) {
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const answer = await director(
        `GET /statistics/list?${YEAR}&groupBy=town&step=quarter&measure=${measure}&key=${first?.key}&start=${step?.start}&limit=3${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      expect(answer.statusCode, answer.body).toBe(200);
      const page = answer.json<{
        items: { findingId: string; taskId: string | null }[];
        nextCursor: string | null;
      }>();
      for (const item of page.items) seen.add(item.taskId ?? item.findingId);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.size, measure).toBe(step?.counts[measure]);
  }
});

test('the period before is that of equal length just before', async () => {
  const { previous } = await ask('from=2025-07-01&to=2025-09-30&previous=true');
  const { totals } = await ask('from=2025-03-31&to=2025-06-30');
  expect(previous?.counts).toEqual(totals.counts);
});

test('towns are ranked by the asked rate, those without one last', async () => {
  const { items } = await ask('from=2025-05-01&to=2025-05-20&groupBy=town&sort=rectification&order=asc');
  const rates = items.map(({ rates }) => rates.rectification ?? null);
  const known = rates.filter((rate) => rate !== null);
  expect(rates.slice(0, known.length)).toEqual(known.toSorted((a, b) => a - b));
  expect(items.map(({ rank }) => rank)).toEqual(items.map((_, index) => index + 1));
});
