/** Figures by place: what is summed up counts what lies in the scope of the one who asks, and nothing beside it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { startSession } from '../../services/api/sessions.ts';
import { addAccount, caller, useApi } from '../api/support.ts';
import { addFinding, addTask } from './findings.ts';
import { addPeople, isInside, NOBODY, roleMay, type SomeWho, WHO } from './people.ts';
import { PLACES, type World } from './places.ts';
import type { Level } from './things.ts';
import { addWorld } from './world.ts';

const api = useApi();
let world: World;
let accounts: ReadonlyMap<string, string>;
const PEOPLE = WHO.filter((who): who is SomeWho => who !== NOBODY);

beforeAll(async () => {
  world = await addWorld(api(), await addAccount(api(), 'root', 'operator'));
  accounts = await addPeople(api(), world);
  const { db } = api().context;
  // Different numbers at each place, so that no sum can stand for another.
  for (const [index, place] of PLACES.entries()) {
    for (let n = 0; n < 2 ** index; n += 1) await addTask(db, world, world[place]);
    for (let n = 0; n < 3 ** index; n += 1) await addFinding(db, world[place]);
  }
});

async function read(who: SomeWho, path: string) {
  const begin = { accountId: accounts.get(who) ?? '', address: '127.0.0.1', userAgent: '' };
  const { token } = await startSession(api().context.db, begin, api().clock.now());
  return await caller(api(), token)(`GET ${path}`);
}

/** Who may not read a figure is told so, and gets none of it. */
async function refused(who: SomeWho, path: string): Promise<void> {
  const answer = await read(who, path);
  expect([answer.statusCode, answer.json()]).toEqual([403, expect.objectContaining({ status: 403 })]);
}

/** Sum over the places that lie inside. */
const within = (who: SomeWho, level: Level, count: (index: number) => number): number =>
  PLACES.reduce((sum, place, index) => sum + (isInside(who, level, place) ? count(index) : 0), 0);

describe.each(PEOPLE)('%s', (who) => {
  test('overview', async () => {
    if (!roleMay(who, 'registry.read')) return await refused(who, '/overview');
    const overview = (await read(who, '/overview')).json();
    expect(overview).toMatchObject({
      cameras: { total: within(who, 'camera', () => 1) },
      openTasks: within(who, 'camera', (index) => 2 ** index),
      pendingFindings: roleMay(who, 'finding.read') ? within(who, 'camera', (index) => 3 ** index) : null,
    });
  });

  test('statistics, and as a file', async () => {
    if (!roleMay(who, 'statistics.read')) return await refused(who, '/statistics');
    const { totals } = (await read(who, '/statistics')).json<{ totals: { counts: { issued: number } } }>();
    expect(totals.counts.issued).toBe(within(who, 'camera', (index) => 2 ** index));
    const file = (await read(who, '/statistics/export?format=csv&groupBy=camera')).body;
    for (const place of PLACES)
      expect([place, file.includes(world[place].cameraCode)]).toEqual([
        place,
        isInside(who, 'camera', place),
      ]);
  });

  test('precision', async () => {
    if (!roleMay(who, 'finding.read')) return await refused(who, '/precision?group=kind');
    const { items } = (await read(who, '/precision?group=kind')).json<{ items: { confirmed: number }[] }>();
    expect(items.map(({ confirmed }) => confirmed)).toEqual([within(who, 'camera', (index) => 2 ** index)]);
  });

  test('visits', async () => {
    if (!roleMay(who, 'supervision.read')) return await refused(who, '/statistics/visits');
    const { totals, owed } = (await read(who, '/statistics/visits')).json<{
      totals: { merchants: number };
      owed: { merchant: { code: string } }[];
    }>();
    const merchants = new Set(
      PLACES.filter((place) => isInside(who, 'merchant', place)).map((place) => world[place].merchantCode),
    );
    expect(totals.merchants).toBe(merchants.size);
    expect(owed.every(({ merchant }) => merchants.has(merchant.code))).toBe(true);
  });
});
