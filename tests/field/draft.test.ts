/** A visit that was begun and left: what of it can still be said when the inspector comes back, and what cannot is shown. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import { addAccount } from '../api/support.ts';
import { axeFaults } from '../web/support/axe.ts';
import { sceneFrame } from '../web/support/scenes.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion } from '../web/support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from '../web/support/stack.ts';

const PHONE = { width: 390, height: 844 };
const LEAVE_OUT = /^(去掉这一条|Leave this out)$/;
const DAY = 86_400_000;
/** A merchant a test. */
const CODES = ['first', 'second'];
/** By merchant and number. */
const cameras: Record<string, SeededCamera> = {};
let regionId = '';
const stack = useStack(async (world) => {
  regionId = await seedRegion(world);
  for (const code of CODES) {
    const { cameras: made } = await seedMerchant(world, regionId, code, `城关镇小学食堂 ${code}`, [
      ['cooking', '热加工间'],
      ['special_room', '专间'],
    ]);
    for (const [i, camera] of made.entries()) cameras[`${code} ${i}`] = camera;
  }
});

let actorId = '';
beforeAll(async () => {
  await addAccount(stack().api, 'field', 'field_inspector', { regionId });
  const account = stack().db.selectFrom('account').select('id').where('username', '=', 'inspector');
  actorId = (await account.executeTakeFirstOrThrow()).id;
});

async function newTask(of: string, kind: ViolationKind, photograph: number): Promise<string> {
  const camera = cameras[of];
  if (camera === undefined) throw new Error('no such camera');
  const findingId = await seedFinding(stack(), { camera, kind, photograph, ageS: 90 * 3600, frames: 2 });
  const at = new Date(Date.now() - 90 * 3_600_000);
  await confirmFinding(stack().db, { findingId, actorId, version: undefined, note: '' }, at);
  const task = stack().db.selectFrom('task').select('id').where('finding_id', '=', findingId);
  return (await task.executeTakeFirstOrThrow()).id;
}

/** The desk ends it. */
const close = (id: string) =>
  stack().db.updateTable('task').set({ state: 'closed' }).where('id', '=', id).execute();
const stateOf = async (id: string): Promise<string> =>
  (await stack().db.selectFrom('task').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
const photograph = async (n: number) => ({
  name: 'p.jpg',
  mimeType: 'image/jpeg',
  buffer: (await sceneFrame(n, 2)).jpeg,
});
const visits = () => stack().db.selectFrom('field_visit_item').select(['task_id', 'outcome']).execute();

/** The inspector's phone, its clock so many days behind. */
async function openPhone(daysBehind = 0): Promise<Page> {
  const page = await stack().open({ ...PHONE, path: '/' });
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation({ latitude: 35.26, longitude: 113.658, accuracy: 14 });
  if (daysBehind > 0) await page.clock.setFixedTime(Date.now() - daysBehind * DAY);
  await signIn(page, 'field');
  return page;
}

/** The same phone, its clock right, opens the page again. */
async function openAgain(before: Page): Promise<Page> {
  await before.context().clock.setFixedTime(Date.now());
  const page = await before.context().newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** Says of one thing what was seen, with a photo where one is given. */
async function say(page: Page, name: RegExp, outcome: string, text: string, photo?: number): Promise<void> {
  const thing = page.getByRole('group', { name });
  await thing.getByText(outcome).click();
  await thing.getByLabel('现场情况').fill(text);
  if (photo === undefined) return;
  await thing.locator('input[capture="environment"]').setInputFiles(await photograph(photo));
  await thing.getByRole('img', { name: '照片 1' }).waitFor();
}

/** Until the phone has written down `text`. */
const kept = (page: Page, text: string) =>
  expect
    .poll(() =>
      page.evaluate<string>(`new Promise((done) => {
        const asked = indexedDB.open('mingzao-merchant');
        asked.onsuccess = () => {
          const all = asked.result.transaction('drafts').objectStore('drafts').getAll();
          all.onsuccess = () => { asked.result.close(); done(JSON.stringify(all.result)); };
        };
      })`),
    )
    .toContain(text);

test('what was noted of a task that is closed since stands in nobody’s way, is not sent unseen, and stays until it is left out', async () => {
  const [hat, mask, other] = [
    await newTask('first 0', 'no_hat', 3),
    await newTask('first 0', 'no_mask', 4),
    await newTask('first 1', 'no_mask', 5),
  ];
  const before = await openPhone(2);
  await before.goto(`${stack().url}/field/first/visit`);
  await say(before, /^未戴帽/, '已整改到位', '全员已佩戴工作帽');
  await say(before, /^未戴口罩 · 专间/, '已整改到位', '专间已配口罩', 6);
  await kept(before, '专间已配口罩');
  for (const id of [hat, other]) await close(id);

  const page = await openAgain(before);
  await page.goto(`${stack().url}/field/first/visit`);
  await say(page, /^未戴口罩 · 热加工间/, '已整改到位', '已佩戴口罩', 4);
  await picture(page, 'field-draft-390');
  await page.getByRole('button', { name: '提交核查记录' }).click();
  await page.waitForURL(/\/field\/first$/);
  await expect.poll(() => stateOf(mask)).toBe('closed');
  expect(await visits()).toEqual([{ task_id: mask, outcome: 'put_right' }]);

  // Nothing of it is lost.
  await page.goto(`${stack().url}/field/first/visit`);
  const left = page.getByRole('region', { name: '不在当前清单上的内容' });
  await expect.poll(() => left.getByRole('group').count()).toBe(2);
  // What would be sent is of today; what is left says of when it is.
  expect(await page.getByText('草稿里有').count()).toBe(0);
  expect(await left.getByText(/填写，还没有提交/).count()).toBe(2);
  const ofHat = left.getByRole('group', { name: '未戴帽 · 热加工间' });
  await ofHat.getByText(/^ZG-/).waitFor();
  await ofHat.getByText('已整改到位').waitFor();
  await ofHat.getByText('全员已佩戴工作帽').waitFor();
  const ofOther = left.getByRole('group', { name: /^未戴口罩 · 专间/ });
  await ofOther.getByText('专间已配口罩').waitFor();
  await ofOther.getByRole('img', { name: '照片 1' }).waitFor();
  await left.scrollIntoViewIfNeeded();
  await picture(page, 'field-draft-left-390');
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width);
  for (const language of ['zh', 'en']) {
    await expect.poll(() => page.getByRole('button', { name: LEAVE_OUT }).count()).toBe(2);
    expect(await axeFaults(page)).toEqual([]);
    if (language === 'en') await picture(page, 'field-draft-left-en-390');
    await page.getByRole('button', { name: /^切换语言|^Switch language/ }).click();
  }
  await ofHat.getByRole('button', { name: '去掉这一条' }).click();
  await ofOther.getByRole('button', { name: '去掉这一条' }).click();
  await expect.poll(() => left.count()).toBe(0);
  await page.reload();
  await page.getByRole('button', { name: '提交核查记录' }).waitFor();
  expect(await left.count()).toBe(0);
  expect(complaintsOf(page)).toEqual([]);
});

test('a draft of eight days ago says so, and its photos are taken anew before the visit is sent', async () => {
  const task = await newTask('second 0', 'no_hat', 3);
  const before = await openPhone(8);
  await before.goto(`${stack().url}/field/second/visit`);
  await say(before, /^未戴帽/, '已整改到位', '全员已佩戴工作帽', 6);
  await kept(before, '全员已佩戴工作帽');

  const page = await openAgain(before);
  await page.goto(`${stack().url}/field/second/visit`);
  await page.getByText(/草稿里有.+填写、还没有提交的内容/).waitFor();
  const thing = page.getByRole('group', { name: /^未戴帽/ });
  await thing.getByText(/填写，还没有提交/).waitFor();
  await picture(page, 'field-draft-earlier-390');
  await page.getByRole('button', { name: '提交核查记录' }).click();
  await page.getByRole('alert').getByText('7 天以前').waitFor();
  await picture(page, 'field-draft-old-390');
  expect(await axeFaults(page)).toEqual([]);
  await thing.getByRole('button', { name: '去掉 7 天以前的照片' }).click();
  await page.getByRole('alert').getByText('至少要有一张现场照片').waitFor();
  await thing.locator('input[capture="environment"]').setInputFiles(await photograph(4));
  await thing.getByRole('img', { name: '照片 1' }).waitFor();
  await page.getByRole('button', { name: '提交核查记录' }).click();
  await page.waitForURL(/\/field\/second$/);
  await expect.poll(() => stateOf(task)).toBe('closed');
});
