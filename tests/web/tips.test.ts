/** 群众线索: what a citizen reports reaches the desk while it looks, is answered there, and the receipt shows the answer. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { addAccount } from '../api/support.ts';
import { axeFaults } from './support/axe.ts';
import { type SeededCamera, seedMerchant, seedRegion, seedStatus } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const KITCHEN = '获嘉县第一初级中学食堂';
let otherRegion = '';

const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  const school = await seedMerchant(world, region, 'no1-school', KITCHEN, [['cooking', '热加工间']]);
  await seedStatus(world, school.cameras[0] as SeededCamera, 'online', '');
  const { id } = await world.db
    .selectFrom('merchant')
    .select('id')
    .where('code', '=', 'no1-school')
    .executeTakeFirstOrThrow();
  await world.db
    .insertInto('public_kitchen')
    .values({ merchant_id: id, because: 'required', opened_by: null, opened_at: world.now() })
    .execute();
  const other = await world.db
    .insertInto('region')
    .values({ code: 'yuanyang', parent_id: null, path: 'yuanyang', level: 'county', name: '原阳县' })
    .returning('id')
    .executeTakeFirstOrThrow();
  otherRegion = other.id;
});

const figure = (page: Page) => page.locator('.figure-tips b');
const atDesk = async (options: Parameters<ReturnType<typeof stack>['open']>[0] = {}, who = 'inspector') => {
  const page = await stack().open({ path: '/tips', ...options });
  await signIn(page, who);
  return page;
};

/** A citizen reports it on the public page. @returns the code of the receipt */
async function report(page: Page, text: string, contact = ''): Promise<string> {
  await page.goto(`${stack().url}/open/no1-school`);
  await page.getByLabel(/看到了什么/).fill(text);
  await page.getByLabel(/联系方式/).fill(contact);
  await page.getByRole('button', { name: '提交' }).click();
  const said = await page.getByText(/回执编号：/).textContent();
  return /[A-Z0-9]{12}/.exec(said ?? '')?.[0] ?? '';
}

const receipt = async (page: Page, code: string) => {
  await page.getByLabel('查询回执').fill(code);
  await page.getByRole('button', { name: '查询' }).click();
  return page.locator('.public-receipt-said');
};

test('a citizen reports, the inspector sees it come and answers, the receipt shows the answer', async () => {
  const { api } = stack();
  await addAccount(api, 'elsewhere', 'inspector', { regionId: otherRegion });
  const [desk, elsewhere, citizen] = [
    await atDesk(),
    await atDesk({}, 'elsewhere'),
    await stack().open({ width: 390, height: 844 }),
  ];
  for (const page of [desk, elsewhere]) await page.getByText('没有待核查的群众线索').waitFor();
  expect(await figure(desk).textContent()).toBe('0');

  const text = '凉菜间有人没有戴口罩，\n生熟案板混用';
  const code = await report(citizen, text, '13800000000');
  const said = await receipt(citizen, code);
  await said.getByText('待核查').waitFor();

  // Nobody asked for it: the open page hears.
  const card = desk.getByRole('listitem').filter({ hasText: '生熟案板混用' });
  await card.getByText('13800000000').waitFor();
  await desk.locator('.figure-tips b', { hasText: '1' }).waitFor();
  await picture(desk, 'tips-1440');

  // A second one waits behind the button: nothing moves under the hand.
  await card.getByRole('button', { name: `处理：${KITCHEN}` }).click();
  await report(citizen, '后厨垃圾桶没有盖');
  await desk.getByRole('button', { name: '有 1 条新的群众线索' }).waitFor();
  expect(await desk.locator('.tip').count()).toBe(1);

  await card.getByRole('button', { name: '属实，答复' }).click();
  await card.getByRole('button', { name: '提交' }).click();
  await card.getByRole('alert').getByText('请填写答复').waitFor();
  const answer = '已到场核查，当场责令改正，感谢您的反映。';
  await card.getByLabel('给反映人的答复').fill(answer);
  await picture(desk, 'tips-answer-1440');
  await card.getByRole('button', { name: '提交' }).click();
  await card.getByText('已保存，回执已更新').waitFor();
  await card.getByText('属实，已答复').waitFor();
  await desk.getByRole('button', { name: '有 1 条新的群众线索' }).click();
  await desk.getByText('后厨垃圾桶没有盖').waitFor();
  expect(await desk.getByText('生熟案板混用').count()).toBe(0);
  await desk.getByRole('button', { name: '属实，已答复' }).click();
  await desk.getByText(answer).waitFor();

  const later = await receipt(citizen, code);
  await later.getByText('经核查属实，已处理').waitFor();
  await later.getByText(answer).waitFor();
  expect(await axeFaults(citizen)).toEqual([]);
  await later.scrollIntoViewIfNeeded();
  await picture(citizen, 'tips-receipt-390');

  // The other county heard nothing, and finds nothing when it asks.
  expect(await figure(elsewhere).textContent()).toBe('0');
  expect(await elsewhere.locator('.tip').count()).toBe(0);
  await elsewhere.getByRole('button', { name: '全部' }).click();
  await elsewhere.getByText('没有这类群众线索').waitFor();
  for (const page of [desk, elsewhere, citizen]) expect(complaintsOf(page)).toEqual([]);
});

test('of two inspectors at once the second sees what the first said, and keeps its own words', async () => {
  const { api } = stack();
  await addAccount(api, 'colleague', 'inspector');
  const text = '两名检查员同时看到的线索';
  await report(await stack().open(), text);
  const [first, second] = [await atDesk({}, 'colleague'), await atDesk()];
  const cardOf = (page: Page) => page.getByRole('listitem').filter({ hasText: text });
  for (const page of [first, second]) {
    await cardOf(page)
      .getByRole('button', { name: `处理：${KITCHEN}` })
      .click();
  }
  await cardOf(first).getByLabel('给反映人的答复').fill('我去现场看');
  await cardOf(first).getByRole('button', { name: '提交' }).click();
  await cardOf(first).getByText('已保存').waitFor();
  await cardOf(second).getByRole('button', { name: '经核查不属实' }).click();
  await cardOf(second).getByLabel('给反映人的答复').fill('画面中未见异常');
  await cardOf(second).getByRole('button', { name: '提交' }).click();
  await cardOf(second).getByRole('alert').getByText('该群众线索已由他人处理').waitFor();
  await cardOf(second).getByText('我去现场看').waitFor();
  expect(await cardOf(second).getByLabel('给反映人的答复').inputValue()).toBe('画面中未见异常');
  await cardOf(second).getByRole('button', { name: '提交' }).click();
  await cardOf(second).getByText('已保存').waitFor();
  expect(complaintsOf(second)).toEqual([]);
});

for (const size of [
  { name: '390', width: 390, height: 844 },
  { name: '390-dark', width: 390, height: 844, dark: true },
  { name: '1440-dark', width: 1440, height: 900, dark: true },
]) {
  test(`fits and is accessible in both languages, at ${size.name}`, async () => {
    const page = await atDesk({ ...size, path: '/tips?state=all' });
    await page.locator('.tip').first().waitFor();
    await page
      .getByRole('button', { name: `：${KITCHEN}` })
      .first()
      .click();
    expect(await axeFaults(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
    await picture(page, `tips-${size.name}`);
    await page.getByRole('button', { name: '切换语言' }).click();
    await page.getByRole('heading', { name: 'Tips of the public' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
    await picture(page, `tips-en-${size.name}`);
    expect(complaintsOf(page)).toEqual([]);
  });
}
