/** "Today" is that of the asked region: 乌鲁木齐 goes by its own clock, two hours behind, and a day ends there when it ends there. */
import { beforeAll, describe, expect, test } from 'vitest';
import { commonPath } from '../../services/domain/region-path.ts';
import { addAccount, as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { addFinding, addWorld, type World } from '../api/world.ts';

const api = useApi();
let world: World;
const call = new Map<string, Call>();
const who = (name: string): Call => {
  const found = call.get(name);
  if (found === undefined) throw new Error(`nobody is called ${name}`);
  return found;
};

/** New Year in Shanghai (00:30), still the old year in Ürümqi (22:30). */
const MIDNIGHT = new Date('2026-12-31T16:30:00Z');

beforeAll(async () => {
  world = await addWorld(api());
  const { db } = api().context;
  await db.updateTable('region').set({ time_zone: 'Asia/Urumqi' }).where('id', '=', world.west).execute();
  await addFinding(api(), world.eastCamera, new Date('2026-12-31T16:10:00Z'));
  await addFinding(api(), world.westCamera, new Date('2026-12-31T16:20:00Z'));
  const scopes = { county: world.county, east: world.east, west: world.west, all: null };
  for (const [name, regionId] of Object.entries(scopes))
    call.set(name, await as(api(), `director-${name}`, 'director', { regionId }));
  await addCadre('one', [world.westMerchant]);
  await addCadre('two', [world.eastMerchant, world.westMerchant]);
  api().clock.move(MIDNIGHT.getTime() - api().clock.now().getTime());
  for (const name of ['one', 'two']) call.set(name, caller(api(), await signIn(api(), name)));
  for (const name of Object.keys(scopes))
    call.set(name, caller(api(), await signIn(api(), `director-${name}`)));
});

async function addCadre(name: string, merchants: string[]): Promise<void> {
  const account_id = await addAccount(api(), name, 'cadre', { regionId: world.county });
  await api()
    .context.db.insertInto('cadre_merchant')
    .values(
      merchants.map((merchant_id) => ({
        account_id,
        merchant_id,
        level: 'A' as const,
        visits_per_quarter: 1,
        since: new Date('2026-01-01T00:00:00Z'),
        until: null,
        assigned_by: null,
      })),
    )
    .execute();
}

const of = async (name: string, path: string) => (await who(name)(`GET ${path}`)).json();

describe('half an hour after midnight in Shanghai', () => {
  test('figures end with the day of the asked region', async () => {
    expect(await of('county', '/statistics')).toMatchObject({ to: '2027-01-01', timeZone: 'Asia/Shanghai' });
    expect(await of('county', '/statistics?region=east-west')).toMatchObject({
      from: '2026-12-02',
      to: '2026-12-31',
      timeZone: 'Asia/Urumqi',
    });
    expect(await of('west', '/statistics')).toMatchObject({ to: '2026-12-31', timeZone: 'Asia/Urumqi' });
    expect(await of('west', '/session')).toMatchObject({ timeZone: 'Asia/Urumqi' });
    expect(await of('all', '/session')).toMatchObject({ timeZone: 'Asia/Shanghai' });
  });

  test('what was found a quarter of an hour ago is of today there, of yesterday here', async () => {
    // Both were found after midnight in Shanghai; in Ürümqi that day began 22 hours ago.
    const { findings } = {
      findings: (await of('county', '/statistics?from=2027-01-01')).totals.counts.found,
    };
    expect(findings).toBe(1);
    expect((await of('west', '/statistics?from=2026-12-31')).totals.counts.found).toBe(1);
    expect(await of('east', '/overview')).toMatchObject({ findingsToday: 1 });
    expect(await of('west', '/overview')).toMatchObject({ findingsToday: 1 });
  });

  test('the quarter of cadres is that of the region, of their merchants, or of what holds them all', async () => {
    const quarter = async (name: string, path: string): Promise<string> => (await of(name, path)).from;
    for (const path of ['/supervision/quarter', '/statistics/visits']) {
      expect([path, await quarter('east', path)]).toEqual([path, '2027-01-01']);
      expect([path, await quarter('west', path)]).toEqual([path, '2026-10-01']);
      expect([path, await quarter('county', `${path}?region=east-west`)]).toEqual([path, '2026-10-01']);
      expect([path, await quarter('one', path)]).toEqual([path, '2026-10-01']);
      expect([path, await quarter('two', path)]).toEqual([path, '2027-01-01']);
    }
  });

  test('roots of one zone count by it; roots of several by that of China', async () => {
    const { db } = api().context;
    const zoneOfAll = async (): Promise<string> => (await of('all', '/statistics')).timeZone;
    await db.updateTable('region').set({ time_zone: 'Asia/Urumqi' }).where('code', '=', 'county').execute();
    expect(await zoneOfAll()).toBe('Asia/Urumqi');
    await db
      .insertInto('region')
      .values({ code: 'other', path: 'other', parent_id: null, level: 'county', name: 'other' })
      .execute();
    expect(await zoneOfAll()).toBe('Asia/Shanghai');
  });
});

test('two hours later it is the new year in Ürümqi too, and what was found before is of yesterday', async () => {
  api().clock.move(2 * 3_600_000);
  const west = caller(api(), await signIn(api(), 'director-west'));
  expect((await west('GET /statistics')).json()).toMatchObject({ to: '2027-01-01' });
  expect((await west('GET /overview')).json()).toMatchObject({ findingsToday: 0 });
  const east = caller(api(), await signIn(api(), 'director-east'));
  expect((await east('GET /overview')).json()).toMatchObject({ findingsToday: 1 });
});

test('the lowest region that holds several', () => {
  expect(commonPath(['a.b.c', 'a.b.d'])).toBe('a.b');
  expect(commonPath(['a.b', 'a.b.d'])).toBe('a.b');
  expect(commonPath(['a.bb', 'a.b'])).toBe('a');
  expect(commonPath(['a', 'b'])).toBeNull();
  expect(commonPath([])).toBeNull();
});
