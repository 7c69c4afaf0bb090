/** The findings desk as an inspector uses it: real browser, real API, real database, real pictures. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { dismissFinding } from '../../services/db/verdicts.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion } from './support/seed.ts';
import { picture, signIn, useStack } from './support/stack.ts';

let cameras: SeededCamera[] = [];
const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  const zones = Array.from({ length: 40 }, (_, i): ['cooking', string] => ['cooking', `灶台${i + 1}区`]);
  cameras = (await seedMerchant(world, region, 'school', '第一小学食堂', zones)).cameras;
});

let used = 0;
/** A finding on a camera of its own, so that no test sees another's. @returns id of finding and camera */
async function newFinding(ageS = 60): Promise<{ id: string; camera: SeededCamera }> {
  const camera = cameras[used];
  used += 1;
  if (camera === undefined) throw new Error('seed more cameras');
  return { id: await seedFinding(stack(), { camera, photograph: 3, ageS }), camera };
}

const stateOf = async (id: string): Promise<string> => {
  const { state } = await stack()
    .db.selectFrom('finding')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return state;
};

/** Opens the desk on one finding. */
async function openFinding(id: string, size?: { width: number; height: number }): Promise<Page> {
  const page = await stack().open({ ...size, path: `/findings/${id}` });
  await signIn(page);
  await page.getByTestId('boxes').waitFor();
  return page;
}

const notice = (page: Page) => page.locator('.notice');

test('a wrong password says so, the right one shows the desk', async () => {
  const page = await stack().open();
  await page.getByLabel('用户名').fill('inspector');
  await page.getByLabel('密码', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByText('用户名或密码不正确').waitFor();
  await signIn(page);
  expect(new URL(page.url()).pathname).toMatch(/^\/findings/);
});

test('a session that ran out asks to sign in again and returns to the same finding; signing out just signs out', async () => {
  const { id } = await newFinding();
  const page = await openFinding(id);
  await stack().db.updateTable('session').set({ revoked_at: new Date() }).execute();
  await page.getByRole('button', { name: '刷新列表' }).click();
  await page.getByText('登录已过期，请重新登录').waitFor();
  await signIn(page);
  await page.getByTestId('boxes').waitFor();
  expect(new URL(page.url()).pathname).toBe(`/findings/${id}`);
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('button', { name: '登录' }).waitFor();
  expect(await page.getByText('登录已过期，请重新登录').count()).toBe(0);
});

test('boxes lie where the detections are, coloured by verdict', async () => {
  const { id } = await newFinding();
  const page = await openFinding(id);
  const stage = await page.locator('.stage-frame').boundingBox();
  const detections = (
    await stack()
      .db.selectFrom('evidence')
      .select('detail')
      .where('finding_id', '=', id)
      .where('kind', '=', 'frame')
      .orderBy('captured_at')
      .executeTakeFirstOrThrow()
  ).detail.detections;
  expect(detections).toHaveLength(3);
  for (const { verdict, box } of detections ?? []) {
    const drawn = await page.locator(`.boxes rect.box-${verdict}`).boundingBox();
    if (drawn === null || stage === null) throw new Error('nothing is drawn');
    expect(Math.abs(drawn.x - (stage.x + box[0] * stage.width))).toBeLessThan(4);
    expect(Math.abs(drawn.y - (stage.y + box[1] * stage.height))).toBeLessThan(4);
    expect(Math.abs(drawn.width - (box[2] - box[0]) * stage.width)).toBeLessThan(6);
  }
  await page.keyboard.press('b');
  await page.getByTestId('boxes').waitFor({ state: 'detached' });
});

test('arrow keys step through the frames of the look: 4 of 5 show it', async () => {
  const { id } = await newFinding();
  const page = await openFinding(id);
  await page.getByText('5 帧中 4 帧违规').waitFor();
  const current = page.locator('.thumb[aria-current="true"]');
  expect(await current.getAttribute('aria-label')).toContain('第 1 帧，共 5 帧');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await current.getAttribute('aria-label')).toContain('第 3 帧，共 5 帧');
  await page.keyboard.press('ArrowLeft');
  expect(await current.getAttribute('aria-label')).toContain('第 2 帧，共 5 帧');
});

test('Y confirms, the next card comes at once, and the task appears', async () => {
  const [first, second] = [await newFinding(20), await newFinding(30)];
  const page = await openFinding(first.id);
  await page.keyboard.press('y');
  await page.waitForURL((url) => url.pathname !== `/findings/${first.id}`);
  await notice(page).getByText('已确认，整改任务已下发').waitFor();
  expect(await stateOf(first.id)).toBe('confirmed');
  expect(await stateOf(second.id)).toBe('pending_review');
  const { number } = await stack()
    .db.selectFrom('task')
    .select('number')
    .where('finding_id', '=', first.id)
    .executeTakeFirstOrThrow();
  await page.getByRole('navigation').getByRole('link', { name: '整改任务' }).click();
  const row = page.getByRole('row').filter({ hasText: number });
  await row.getByText('剩 3 小时').waitFor();
  expect(await row.textContent()).toContain('第一小学食堂');
  await row.getByRole('link', { name: '查看线索' }).click();
  await page.getByRole('group', { name: '核查' }).getByText('已确认').waitFor();
});

test('an inspector goes through twenty findings with one key each; none is missed, none judged twice', async () => {
  const wanted: string[] = [];
  for (let i = 0; i < 20; i += 1) wanted.push((await newFinding(100 + i)).id);
  // Who waits longest comes first.
  const page = await openFinding(wanted.at(-1) ?? '');
  const startedMs = performance.now();
  for (let i = 0; i < 20; i += 1) {
    const at = new URL(page.url()).pathname;
    await page.locator('.verdict-confirm:enabled').waitFor();
    await page.keyboard.press('y');
    await page.waitForURL((url) => url.pathname !== at);
  }
  console.log(`20 verdicts in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  const confirmed = async (): Promise<number> =>
    (await stack().db.selectFrom('task').select('id').where('finding_id', 'in', wanted).execute()).length;
  await expect.poll(confirmed).toBe(20);
});

test('N and a figure dismiss with that reason; other wants to know why', async () => {
  const { id } = await newFinding();
  const page = await openFinding(id);
  await page.keyboard.press('n');
  await page.getByRole('group', { name: '排除原因' }).waitFor();
  await page.keyboard.press('7');
  await page.getByText('选择“其他”须写明原因').waitFor();
  expect(await stateOf(id)).toBe('pending_review');
  await page.keyboard.type('透明帽');
  await page.keyboard.press('Enter');
  await notice(page).getByText('已排除：其他').waitFor();
  const verdict = await stack()
    .db.selectFrom('finding')
    .select(['state', 'verdict_reason', 'verdict_note'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(verdict).toEqual({ state: 'dismissed', verdict_reason: 'other', verdict_note: '透明帽' });
});

test('what another inspector judged meanwhile is said plainly, with the state it has now', async () => {
  const { id } = await newFinding();
  const page = await openFinding(id);
  // The page must not hear of it live, however slow the answer is: it is deaf, and the verdict held back until the other one is in.
  await page.route('**/api/v1/events*', (route) => route.abort());
  await page.reload();
  await page.getByTestId('boxes').waitFor();
  await page.route('**/confirm', async (route) => {
    const { id: actorId } = await stack().db.selectFrom('account').select('id').executeTakeFirstOrThrow();
    const command = { findingId: id, actorId, version: undefined, note: '', reason: 'duplicate' as const };
    await dismissFinding(stack().db, command, new Date());
    await route.continue();
  });
  await page.keyboard.press('y');
  await notice(page).getByText('这条线索现在是“已排除”，您的操作未生效').waitFor();
  expect(await stateOf(id)).toBe('dismissed');
});

test('a verdict that cannot be sent says so and leaves the card to judge', async () => {
  const { id, camera } = await newFinding();
  const page = await openFinding(id);
  await page.route('**/confirm', (route) => route.abort());
  await page.keyboard.press('y');
  await notice(page).getByText('提交未成功').waitFor();
  expect(await stateOf(id)).toBe('pending_review');
  const card = page.getByRole('listitem').filter({ hasText: camera.name });
  expect(await card.getByText('已确认').count()).toBe(0);
});

test('a live finding waits behind a pill and moves nothing until it is asked for', async () => {
  const { id } = await newFinding();
  const page = await openFinding(id);
  await page.getByText('实时', { exact: true }).waitFor();
  const cards = page.locator('.queue-list .card');
  const before = await cards.count();
  const fresh = await newFinding(1);
  const pill = page.getByRole('button', { name: '1 条新线索' });
  await pill.waitFor();
  expect(await cards.count()).toBe(before);
  expect(new URL(page.url()).pathname).toBe(`/findings/${id}`);
  await pill.click();
  await page.locator('.queue-list').getByText(fresh.camera.name, { exact: true }).waitFor();
  expect(await cards.count()).toBe(before + 1);
});

test('the language changes everything at once and is remembered', async () => {
  const { id } = await newFinding();
  const page = await openFinding(id);
  await page.getByRole('button', { name: '切换语言' }).click();
  await page.getByRole('button', { name: 'Confirm' }).waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  await picture(page, 'finding-english-1440');
  const shell = await page.locator('.header').textContent();
  expect(shell?.replace('Mingzao 明灶', '').replace('中文', '')).not.toMatch(/[\u4e00-\u9fff]/);
  await page.reload();
  await page.getByRole('button', { name: 'Confirm' }).waitFor();
});

test('a phone goes from list to finding and back without scrolling sideways', async () => {
  const { id } = await newFinding();
  const page = await openFinding(id, { width: 390, height: 844 });
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  await page.getByRole('button', { name: '返回列表' }).click();
  await page.locator('.queue-list .card').first().waitFor();
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
});

test('a broken API says what failed and a retry brings it back', async () => {
  const page = await stack().open();
  await page.route('**/api/v1/cameras*', (route) => route.fulfill({ status: 500, body: '' }));
  await signIn(page);
  await page.getByRole('navigation').getByRole('link', { name: '摄像头' }).click();
  await page.getByText('摄像头：没有加载成功').waitFor();
  await page.getByText('服务器出错（500）').waitFor();
  await page.unroute('**/api/v1/cameras*');
  await page.getByRole('button', { name: '重试' }).click();
  await page.locator('.camera').first().waitFor();
});

test('the first load needs at most 300 kB of compressed script', async () => {
  const page = await stack().open();
  await signIn(page);
  await page.locator('.queue').waitFor();
  const scripts = await page.evaluate<string[]>(
    'performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.endsWith(".js"))',
  );
  let total = 0;
  for (const url of new Set(scripts)) {
    total += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
  }
  console.log(`first load: ${(total / 1000).toFixed(0)} kB of compressed script`);
  expect(total).toBeGreaterThan(50_000);
  expect(total).toBeLessThanOrEqual(300_000);
});
