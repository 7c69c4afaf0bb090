/** What waits on a merchant's phone while it is being sent: another page is opened, or the same account has a second tab. */
import type { Page, Route } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount } from '../api/support.ts';
import { sceneFrame } from '../web/support/scenes.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion } from '../web/support/seed.ts';
import { signIn, useStack } from '../web/support/stack.ts';

const PHONE = { width: 390, height: 844 };
const UPLOADS = '**/photo-uploads';
let cameras: SeededCamera[] = [];
const stack = useStack(async (world) => {
  const regionId = await seedRegion(world);
  ({ cameras } = await seedMerchant(world, regionId, 'no1', '第一小学食堂', [
    ['cooking', '热加工间'],
    ['special_room', '专间'],
    ['cutting', '切配间'],
    ['washing', '洗消间'],
    ['meal_preparation', '备餐间'],
  ]));
});

let actorId = '';
beforeAll(async () => {
  const { db, api } = stack();
  const { id: merchantId } = await db.selectFrom('merchant').select('id').executeTakeFirstOrThrow();
  await addAccount(api, 'owner', 'merchant', { merchantId });
  const account = db.selectFrom('account').select('id').where('username', '=', 'inspector');
  actorId = (await account.executeTakeFirstOrThrow()).id;
});

async function newTask(of: number): Promise<{ id: string; number: string }> {
  const camera = cameras[of];
  if (camera === undefined) throw new Error('no such camera');
  const findingId = await seedFinding(stack(), { camera, photograph: 3, ageS: 300 });
  await confirmFinding(stack().db, { findingId, actorId, version: undefined, note: '' }, new Date());
  const task = stack().db.selectFrom('task').select(['id', 'number']).where('finding_id', '=', findingId);
  return await task.executeTakeFirstOrThrow();
}

const stateOf = async (id: string): Promise<string> =>
  (await stack().db.selectFrom('task').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
const answersTo = async (id: string): Promise<number> =>
  (await stack().db.selectFrom('task_answer').select('text').where('task_id', '=', id).execute()).length;
const notSent = (page: Page) => page.getByRole('region', { name: '还没有发出' });

async function openPhone(path: string): Promise<Page> {
  const page = await stack().open({ ...PHONE, path });
  await signIn(page, 'owner');
  return page;
}

async function openBeside(page: Page, path: string): Promise<Page> {
  const other = await page.context().newPage();
  other.setDefaultTimeout(20_000);
  await other.goto(stack().url + path);
  await other.getByRole('button', { name: '退出登录' }).waitFor();
  return other;
}

/** @param photograph shown by the photo that goes with it, if any */
async function submit(page: Page, photograph?: number): Promise<void> {
  await page.getByRole('button', { name: /已当场改正/ }).click();
  if (photograph !== undefined) {
    const buffer = (await sceneFrame(photograph, 2)).jpeg;
    await page
      .locator('input[capture="environment"]')
      .setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer });
    await page.getByRole('img', { name: '照片 1' }).waitFor();
  }
  await page.getByRole('button', { name: '提交整改' }).click();
}

/** Holds what the page begins to upload. @returns waits until it has begun and says how it is let go */
function hold(page: Page): Promise<() => Promise<void>> {
  return new Promise((begun) => {
    void page.route(UPLOADS, (route: Route) => begun(() => route.continue()), { times: 1 });
  });
}

const wake = (page: Page) => page.evaluate("void window.dispatchEvent(new Event('online'))");

test('a page that is opened while a photo is on its way shows what waits, and the rest of it is sent', async () => {
  const [first, second] = [await newTask(0), await newTask(1)];
  const page = await openPhone(`/today/${first.id}`);
  const held = hold(page);
  await submit(page, 1);
  const go = await held;
  await page.locator('.nav-link[href="/today"]').click();
  await page.getByRole('article', { name: second.number }).getByRole('link', { name: '整改答复' }).click();
  await submit(page);
  await page.locator('.nav-link[href="/kitchen"]').click();
  await page.getByText('您的后厨没有向公众开放').waitFor();
  await page.locator('.nav-link[href="/today"]').click();
  for (const { number } of [first, second]) await notSent(page).getByText(number).first().waitFor();
  expect(await stateOf(first.id)).toBe('acknowledged');
  await go();
  await expect.poll(() => stateOf(second.id)).toBe('submitted');
  expect(await stateOf(first.id)).toBe('submitted');
  await expect.poll(() => notSent(page).count()).toBe(0);
});

test('two tabs send one after the other', async () => {
  const task = await newTask(2);
  const page = await openPhone(`/today/${task.id}`);
  const other = await openBeside(page, '/today');
  let others = 0;
  other.on('request', (request) => {
    if (request.method() === 'POST') others += 1;
  });
  const held = hold(page);
  await submit(page, 4);
  const go = await held;
  await wake(other);
  await notSent(other).getByText(task.number).first().waitFor();
  await go();
  await expect.poll(() => stateOf(task.id)).toBe('submitted');
  for (const tab of [page, other]) await expect.poll(() => notSent(tab).count()).toBe(0);
  expect(others).toBe(0);
  expect(await answersTo(task.id)).toBe(1);
});

test('in a browser without locks the slower tab neither sends nor puts back what the faster one has sent', async () => {
  const task = await newTask(3);
  const page = await openPhone('/today');
  await page.context().addInitScript('delete Navigator.prototype.locks');
  await page.goto(`${stack().url}/today/${task.id}`);
  const other = await openBeside(page, '/today');
  let said = 0;
  page.context().on('request', (request) => {
    if (request.url().endsWith('/submit')) said += 1;
  });
  // Both begin; the other one is slower.
  const [mine, slower] = [hold(page), hold(other)];
  await submit(page, 5);
  const go = await mine;
  await wake(other);
  const goOn = await slower;
  await go();
  await expect.poll(() => notSent(page).count()).toBe(0);
  expect(await stateOf(task.id)).toBe('submitted');
  await goOn();
  await expect.poll(() => notSent(other).count()).toBe(0);
  await wake(page);
  await page.getByText('等监管部门处理').waitFor();
  expect(await notSent(page).count()).toBe(0);
  expect([said, await answersTo(task.id)]).toEqual([1, 1]);
});

test('what was given up in one tab is not sent again by the other', async () => {
  const task = await newTask(4);
  const page = await openPhone(`/today/${task.id}/appeal`);
  await page.getByRole('textbox').fill('当时不在营业，是维修人员');
  const other = await openBeside(page, '/today');
  await stack()
    .db.updateTable('task')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', task.id)
    .execute();
  await page
    .getByRole('button', { name: '提交申诉' })
    .or(page.getByRole('button', { name: '申诉' }))
    .last()
    .click();
  const refused = '没有发出，需要您处理：任务刚有变化';
  await notSent(page).getByText(refused).waitFor();
  await wake(other);
  await notSent(other).getByText(refused).waitFor();
  await notSent(page).getByRole('button', { name: '不发了' }).click();
  await expect.poll(() => notSent(page).count()).toBe(0);
  await notSent(other).getByRole('button', { name: '按最新情况再发一次' }).click();
  await expect.poll(() => notSent(other).count()).toBe(0);
  expect(await stateOf(task.id)).toBe('issued');
});
