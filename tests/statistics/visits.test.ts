/** 督导完成率: what was due by assignment, what was done, and nothing made up. */
import { beforeAll, expect, test } from 'vitest';
import { addAccount, as, type Call, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';

const api = useApi();
let world: World;
let director: Call;
let cadreId: string;

beforeAll(async () => {
  world = await addWorld(api());
  director = await as(api(), 'director', 'director');
  cadreId = await addAccount(api(), 'cadre', 'cadre', { regionId: world.county });
  const { db } = api().context;
  await db
    .insertInto('cadre_merchant')
    .values([
      {
        account_id: cadreId,
        merchant_id: world.eastMerchant,
        level: 'A',
        visits_per_quarter: 2,
        since: new Date('2026-01-01T00:00:00Z'),
        until: null,
        assigned_by: null,
      },
      {
        account_id: cadreId,
        merchant_id: world.westMerchant,
        level: 'C',
        visits_per_quarter: 1,
        // After the middle of the third quarter.
        since: new Date('2026-08-20T00:00:00Z'),
        until: null,
        assigned_by: null,
      },
    ])
    .execute();
  const visit = (merchantId: string, at: string) => ({
    account_id: cadreId,
    merchant_id: merchantId,
    visited_at: new Date(at),
    recorded_at: new Date(at),
  });
  await db
    .insertInto('cadre_visit')
    .values([
      // The last is the first minute of the fourth quarter in China.
      visit(world.eastMerchant, '2026-07-02T02:00:00Z'),
      visit(world.eastMerchant, '2026-09-30T15:59:00Z'),
      visit(world.eastMerchant, '2026-09-30T16:00:00Z'),
      visit(world.westMerchant, '2026-10-05T02:00:00Z'),
      visit(world.westMerchant, '2026-10-06T02:00:00Z'),
    ])
    .execute();
});

test('the third quarter: two of two, and one merchant without a cadre', async () => {
  const answer = (await director('GET /statistics/visits?day=2026-08-01')).json();
  expect(answer).toMatchObject({
    from: '2026-07-01',
    to: '2026-09-30',
    totals: { merchants: 2, unassigned: 1, due: 2, done: 2, counted: 2, rate: 1 },
    owed: [],
  });
});

test('the fourth: a second visit at one merchant does not make up for one that is missing at another', async () => {
  const answer = (await director('GET /statistics/visits?day=2026-12-31&groupBy=level')).json();
  expect(answer).toMatchObject({
    totals: { due: 3, done: 3, counted: 2, rate: 2 / 3 },
    items: [
      { key: 'A', due: 2, done: 1, rate: 0.5 },
      { key: 'C', due: 1, done: 2, counted: 1, rate: 1 },
    ],
    owed: [{ merchant: { code: 'em' }, cadre: 'cadre', due: 2, done: 1 }],
  });
});

test('a quarter in which nothing was due has no rate', async () => {
  const answer = (await director('GET /statistics/visits?day=2025-05-05')).json();
  expect(answer).toMatchObject({ totals: { due: 0, rate: null, unassigned: 2 } });
});

test('a wrong day is named', async () => {
  const answer = await director('GET /statistics/visits?day=2026-02-31');
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'query.day' }] });
});
