/** The inspector's desk from sign-in to an empty queue, without the mouse: clip, siblings, class, undo, claims, report. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { markCoverage } from '../../services/db/coverage.ts';
import { confirmFinding, dismissFinding } from '../../services/db/verdicts.ts';
import { addAccount } from '../api/support.ts';
import { axeFaults } from './support/axe.ts';
import { sceneClip } from './support/clips.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const MERCHANTS = ['第一小学食堂', '实验中学食堂', '老城面馆', '喜来登酒楼', '幸福幼儿园食堂', '同盟快餐'];
const kitchens: SeededCamera[][] = [];
let clip: { bytes: Buffer; codec: string } = { bytes: Buffer.alloc(0), codec: '' };

const stack = useStack(
  async (world) => {
    clip = await sceneClip(6);
    const region = await seedRegion(world);
    for (const [i, name] of MERCHANTS.entries()) {
      const zones: ['cooking' | 'cutting' | 'special_room', string][] = [
        ['cooking', '灶台'],
        ['cutting', '切配间'],
        ['special_room', '凉菜间'],
      ];
      kitchens.push((await seedMerchant(world, region, `m${i + 1}`, name, zones)).cameras);
    }
  },
  { undoMs: 10_000 },
);

const HOUR_S = 3600;
async function newFinding(kitchen: number, camera: number, ageS: number): Promise<string> {
  const seeded = kitchens[kitchen]?.[camera];
  if (seeded === undefined) throw new Error('seed more kitchens');
  return await seedFinding(stack(), { camera: seeded, photograph: 6, ageS, clip });
}

const rowOf = async (id: string) =>
  await stack()
    .db.selectFrom('finding')
    .select(['state', 'verdict_reason', 'verdict_note', 'verdict_class', 'merged_into'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();

async function openFinding(
  id: string,
  size?: { width: number; height: number },
  who?: string,
): Promise<Page> {
  const page = await stack().open({ ...size, path: `/findings/${id}` });
  await signIn(page, who);
  await ready(page);
  return page;
}
const ready = async (page: Page): Promise<void> => {
  await page.locator('.verdict-confirm:enabled').waitFor();
};
const at = (id: string) => (url: URL) => url.pathname === `/findings/${id}`;
const notice = (page: Page) => page.locator('.notice');

test('the clip plays at once with its boxes; keys step through its frames, slow it down and show the pictures', async () => {
  const id = await newFinding(0, 0, HOUR_S);
  const page = await openFinding(id);
  const time = () => page.evaluate<number>('document.querySelector("video").currentTime');
  await expect.poll(time).toBeGreaterThan(3.6);
  await page.getByTestId('boxes').waitFor();
  await page.keyboard.press(' ');
  const before = await time();
  await page.keyboard.press('ArrowRight');
  await expect.poll(time).toBeGreaterThan(before);
  expect((await time()) - before).toBeLessThan(0.25);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('x');
  await page.getByRole('button', { name: '播放速度 0.5×' }).waitFor();
  expect(await page.evaluate('document.querySelector("video").playbackRate')).toBe(0.5);
  // A judged frame of the look: the clip goes there, and its boxes lie on the heads.
  await page.locator('.thumb').nth(1).click();
  await expect.poll(async () => Math.abs((await time()) - 6.5)).toBeLessThan(0.1);
  await page.locator('.thumb[aria-current="true"][aria-label^="第 2 帧，共 5 帧"]').waitFor();
  // The fifth one, which shows it too, lies after the end of the clip.
  expect(await page.locator('.clip-mark-yes').count()).toBe(3);
  await page.keyboard.press('v');
  await page.locator('video').waitFor({ state: 'detached' });
  await page.getByTestId('boxes').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('siblings stand beside it with pictures and are judged by one key: one task for all, and one undo', async () => {
  const main = await newFinding(1, 0, 3 * HOUR_S);
  const others = [await newFinding(1, 1, 4 * HOUR_S), await newFinding(1, 2, 5 * HOUR_S)];
  const page = await openFinding(main);
  await page.getByRole('region', { name: '同类待核查线索' }).getByRole('checkbox').nth(1).waitFor();
  await page.keyboard.press('s');
  await page.getByRole('button', { name: '确认 3 条' }).waitFor();
  await picture(page, 'desk-siblings-1440');
  await page.keyboard.press('y');
  await notice(page).getByText('10 秒后下发整改任务').waitFor();
  expect((await rowOf(main)).state).toBe('confirmed');
  for (const id of others) expect(await rowOf(id)).toMatchObject({ state: 'merged', merged_into: main });
  await page.keyboard.press('Control+z');
  await notice(page).getByText('已撤回').waitFor();
  await page.waitForURL(at(main));
  for (const id of [main, ...others]) expect((await rowOf(id)).state).toBe('pending_review');
  // The same with a reason: each is dismissed, and U takes all of it back.
  await ready(page);
  await page.getByRole('region', { name: '同类待核查线索' }).getByRole('checkbox').nth(1).waitFor();
  await page.keyboard.press('s');
  await page.keyboard.press('n');
  await page.keyboard.press('2');
  await notice(page).getByText('已排除：非从业人员').waitFor();
  for (const id of [main, ...others])
    expect(await rowOf(id)).toMatchObject({ state: 'dismissed', verdict_reason: 'not_staff' });
  await page.keyboard.press('u');
  await page.waitForURL(at(main));
  for (const id of [main, ...others])
    await expect.poll(async () => (await rowOf(id)).state).toBe('pending_review');
});

test('a group is judged, and taken back, while its cameras go on looking', async () => {
  const [main, other] = [await newFinding(3, 1, HOUR_S), await newFinding(3, 2, HOUR_S)];
  const page = await openFinding(main);
  const around = page.getByRole('region', { name: '同类待核查线索' });
  await around.getByRole('checkbox').waitFor();
  expect(await newFinding(3, 2, HOUR_S - 20)).toBe(other);
  await around.getByText('×2').waitFor();
  // One more comes between the two questions of the group's verdict.
  await page.route('**/findings/merge', async (route) => {
    const response = await route.fetch();
    expect(await newFinding(3, 1, HOUR_S - 30)).toBe(main);
    await route.fulfill({ response });
  });
  await page.keyboard.press('s');
  await page.keyboard.press('y');
  await notice(page).getByText('10 秒后下发整改任务').waitFor();
  expect(await rowOf(other)).toMatchObject({ state: 'merged', merged_into: main });
  expect([await newFinding(3, 1, HOUR_S - 40), await newFinding(3, 2, HOUR_S - 40)]).toEqual([main, main]);
  await page.keyboard.press('u');
  await notice(page).getByText('已撤回').waitFor();
  for (const id of [main, other]) expect((await rowOf(id)).state).toBe('pending_review');
});

test('the merchant’s history and the coverage of that day stand beside it; a class is given with a note', async () => {
  const { db } = stack();
  const { id: actorId } = await db
    .selectFrom('account')
    .select('id')
    .where('username', '=', 'inspector')
    .executeTakeFirstOrThrow();
  const command = { actorId, version: undefined, note: '' };
  const old = [await newFinding(2, 0, 60 * HOUR_S), await newFinding(2, 1, 70 * HOUR_S)];
  await confirmFinding(db, { ...command, findingId: old[0] ?? '' }, new Date());
  await dismissFinding(db, { ...command, findingId: old[1] ?? '', reason: 'not_staff' }, new Date());
  const id = await newFinding(2, 0, HOUR_S);
  const camera = kitchens[2]?.[0]?.id ?? '';
  const from = Date.now() - HOUR_S * 1000;
  await markCoverage(
    db,
    Array.from({ length: 50 }, (_, minute) => ({
      cameraId: camera,
      at: new Date(from + minute * 60_000),
      code: minute % 9 === 0 ? ('O' as const) : ('L' as const),
    })),
  );
  const page = await openFinding(id);
  const past = page.getByRole('region', { name: '该主体历史' });
  await past.getByText('近 90 天同类：确认 1，排除 1').waitFor();
  await past.getByText('非从业人员').waitFor();
  await page.getByRole('region', { name: '当日有效观察' }).waitFor();
  await picture(page, 'desk-history-1440');
  // Milder than the rule says: it wants to know why.
  await page.keyboard.press('3');
  await page.keyboard.press('y');
  await page.getByText('低于规则等级须写明原因').waitFor();
  await page.keyboard.type('仅一人，已当场纠正');
  await page.keyboard.press('Enter');
  await notice(page).getByText('10 秒后下发整改任务').waitFor();
  expect(await rowOf(id)).toMatchObject({
    state: 'confirmed',
    verdict_class: 3,
    verdict_note: '仅一人，已当场纠正',
  });
});

test('two inspectors never get the same card; who looks at what is seen by the other', async () => {
  await stack()
    .db.updateTable('finding')
    .set({ state: 'expired' })
    .where('state', '=', 'pending_review')
    .execute();
  await addAccount(stack().api, 'wangwu', 'inspector');
  await stack()
    .db.updateTable('account')
    .set({ display_name: '王五' })
    .where('username', '=', 'wangwu')
    .execute();
  const cards: string[] = [];
  for (let i = 0; i < 6; i += 1) cards.push(await newFinding(i, 2, (20 - i) * HOUR_S));
  const [first = '', second = '', third = ''] = cards;
  const wang = await stack().open();
  await signIn(wang, 'wangwu');
  await wang.waitForURL(at(first));
  await ready(wang);
  // The other starts with the same list: the first card is passed over, and so is the one that is kept for Wang.
  const li = await stack().open();
  await signIn(li);
  await li.waitForURL(at(third));
  await ready(li);
  await li.locator('.queue-list').getByText('王五正在看').waitFor();
  await picture(li, 'desk-claims-1440');
  const seen = [first, third];
  for (const page of [wang, li]) {
    const here = new URL(page.url()).pathname;
    await page.keyboard.press('y');
    await page.waitForURL((url) => url.pathname !== here);
    await ready(page);
    seen.push(new URL(page.url()).pathname.slice('/findings/'.length));
  }
  expect(seen).toContain(second);
  expect(new Set(seen).size).toBe(4);
  // Opened by hand it is shown, with a word, and may be judged.
  await li.goto(wang.url());
  await li.getByText('王五正在看这条线索').waitFor();
  await ready(li);
  await wang.getByRole('button', { name: '退出登录' }).click();
  await li.getByText('王五正在看这条线索').waitFor({ state: 'detached', timeout: 15_000 });
}, 60_000);

test('what the inspector sees besides is reported from the desk', async () => {
  const id = await newFinding(3, 0, HOUR_S);
  const page = await openFinding(id);
  await page.keyboard.press('r');
  const form = page.getByRole('dialog', { name: '登记线索' });
  await form.getByLabel('问题种类').selectOption('bin_open');
  await form.getByRole('button', { name: /登\s*记/ }).click();
  await form.getByText('请写明看到了什么').waitFor();
  await form.getByLabel('看到了什么').fill('灶台旁垃圾桶没有盖');
  await picture(page, 'desk-report-1440');
  await form.getByRole('button', { name: /登\s*记/ }).click();
  await notice(page).getByText('已登记：垃圾桶未加盖').waitFor();
  const reported = await stack()
    .db.selectFrom('finding')
    .select(['kind', 'source', 'text', 'camera_id'])
    .where('source', '=', 'online_inspection')
    .execute();
  expect(reported).toEqual([
    {
      kind: 'bin_open',
      source: 'online_inspection',
      text: '灶台旁垃圾桶没有盖',
      camera_id: kitchens[3]?.[0]?.id,
    },
  ]);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '快捷键' }).getByText('慢放').waitFor();
  await picture(page, 'desk-keys-1440');
  // Nobody judges the card behind it.
  await page.keyboard.press('y');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: '快捷键' }).waitFor({ state: 'detached' });
  expect((await rowOf(id)).state).toBe('pending_review');
});

test('on a phone the clip, the verdict and the siblings are there without scrolling sideways', async () => {
  const id = await newFinding(4, 0, HOUR_S);
  await newFinding(4, 1, 2 * HOUR_S);
  const page = await openFinding(id, { width: 390, height: 844 });
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  await picture(page, 'desk-390');
  await page.getByRole('region', { name: '同类待核查线索' }).scrollIntoViewIfNeeded();
  await picture(page, 'desk-390-siblings');
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  const wide = await openFinding(id, { width: 1920, height: 1080 });
  await picture(wide, 'desk-1920');
});

test.each([
  ['zh', { dark: false }, 3],
  ['en', { dark: false }, 6],
  ['en', { dark: true }, 9],
] as const)('axe finds no serious fault on the desk (%s, %o)', async (language, shade, hours) => {
  const id = await newFinding(5, 0, hours * HOUR_S);
  const page = await stack().open({ path: `/findings/${id}`, ...shade });
  await signIn(page);
  await ready(page);
  if (language === 'en') await page.getByRole('button', { name: '切换语言' }).click();
  await page.keyboard.press('n');
  await page.getByTestId('boxes').waitFor();
  await page.keyboard.press(' ');
  expect(await axeFaults(page)).toEqual([]);
});
