/** One tablet, two inspectors, two tabs: what the first one's page says is never done as the second one. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount } from '../api/support.ts';
import { sceneFrame } from '../web/support/scenes.ts';
import { seedFinding, seedMerchant, seedRegion } from '../web/support/seed.ts';
import { signIn, useStack } from '../web/support/stack.ts';

const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  const { cameras } = await seedMerchant(world, region, 'near', '城关镇第一小学食堂', [
    ['cooking', '热加工间'],
  ]);
  const [camera] = cameras;
  if (camera === undefined) throw new Error('no camera');
  const { id: actorId } = await world.db
    .selectFrom('account')
    .select('id')
    .where('username', '=', 'inspector')
    .executeTakeFirstOrThrow();
  const findingId = await seedFinding(world, { camera, photograph: 3, ageS: 90 * 3600, frames: 2 });
  const at = new Date(Date.now() - 90 * 3_600_000);
  await confirmFinding(world.db, { findingId, actorId, version: undefined, note: '' }, at);
});

const visitors = async () =>
  (
    await stack()
      .db.selectFrom('field_visit')
      .innerJoin('account', 'account.id', 'field_visit.account_id')
      .select('account.username')
      .execute()
  ).map(({ username }) => username);
const endSessions = (username: string) =>
  stack()
    .db.updateTable('session')
    .set({ revoked_at: new Date() })
    .where('account_id', '=', (eb) => eb.selectFrom('account').select('id').where('username', '=', username))
    .execute();
/** What the browser keeps for reading without a line, by `username path`. */
const kept = (page: Page) =>
  page.evaluate<Record<string, string>>(`new Promise((done) => {
    indexedDB.open('mingzao-merchant').onsuccess = ({ target: { result: db } }) => {
      db.transaction('answers').objectStore('answers').getAll().onsuccess = ({ target: { result } }) => {
        db.close();
        done(Object.fromEntries(result.map(({ id, value }) => [id, JSON.stringify(value)])));
      };
    };
  })`);
const ended = (page: Page) => page.getByRole('alert').getByText('登录已过期，请重新登录');

test('a visit that the first one left unsent waits for them, whoever signs in beside', async () => {
  const { api, db } = stack();
  const { regionId } = await db
    .selectFrom('merchant')
    .select('region_id as regionId')
    .executeTakeFirstOrThrow();
  const elsewhere = await db
    .insertInto('region')
    .values({ code: 'elsewhere', parent_id: null, path: 'elsewhere', level: 'county', name: '邻县' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await addAccount(api, 'first', 'field_inspector', { regionId });
  await addAccount(api, 'second', 'field_inspector', { regionId: elsewhere.id });

  const one = await stack().open({ path: '/field/near/visit' });
  await signIn(one, 'first');
  const thing = one.getByRole('group', { name: /^未戴帽/ });
  await thing.getByText('已整改到位').click();
  const buffer = (await sceneFrame(4, 2)).jpeg;
  await thing
    .locator('input[capture="environment"]')
    .setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer });
  await thing.getByRole('img', { name: '照片 1' }).waitFor();
  await one.route('**/api/v1/**', (route) => route.abort());
  await one.getByRole('button', { name: '提交核查记录' }).click();
  const waiting = one.getByRole('region', { name: '还没有发出' });
  await waiting.getByText('城关镇第一小学食堂').waitFor();

  // Meanwhile the first one's session ends, and the second one signs in in another tab.
  await endSessions('first');
  const other = await one.context().newPage();
  await other.goto(`${stack().url}/field`);
  await signIn(other, 'second');
  const before = await kept(one);
  expect(Object.keys(before).some((id) => id.startsWith('first '))).toBe(true);

  // Back on the first tab, with a line.
  await one.unroute('**/api/v1/**');
  const refused = one.waitForResponse((answer) => answer.status() === 401);
  await one.evaluate("window.dispatchEvent(new Event('online'))");
  await refused;
  await ended(one).waitFor();
  expect(await visitors()).toEqual([]);
  const firsts = (all: Record<string, string>) =>
    Object.fromEntries(Object.entries(all).filter(([id]) => id.startsWith('first ')));
  expect(firsts(await kept(one))).toEqual(firsts(before));

  // The second one works on, and after a restart of the page too.
  await other.reload();
  await other.getByRole('button', { name: '退出登录' }).waitFor();
  expect(await other.getByRole('region', { name: '还没有发出' }).count()).toBe(0);

  // It is sent when the first one is here again.
  await signIn(one, 'first');
  await expect.poll(visitors, { timeout: 20_000 }).toEqual(['first']);
});

test('signing out in a page that is no longer the browser’s leaves the other one signed in', async () => {
  const { api, db } = stack();
  const { regionId } = await db
    .selectFrom('merchant')
    .select('region_id as regionId')
    .executeTakeFirstOrThrow();
  await addAccount(api, 'third', 'field_inspector', { regionId });
  await addAccount(api, 'fourth', 'field_inspector', { regionId });
  const one = await stack().open({ path: '/field' });
  await signIn(one, 'third');
  await one.getByRole('heading', { name: '现场核查' }).waitFor();
  await one.context().clearCookies();
  const other = await one.context().newPage();
  await other.goto(`${stack().url}/field`);
  await signIn(other, 'fourth');
  await one.getByRole('button', { name: '退出登录' }).click();
  await one.getByLabel('用户名').waitFor();
  await other.reload();
  await other.getByRole('button', { name: '退出登录' }).waitFor();
});
