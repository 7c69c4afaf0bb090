/** The task page as merchant and inspector use it: real browser, API, database and pictures. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount, caller, PASSWORD, signIn as tokenOf } from '../api/support.ts';
import { sceneFrame } from '../web/support/scenes.ts';
import { seedFinding, seedMerchant, seedRegion } from '../web/support/seed.ts';
import { complaintsOf, picture, useStack } from '../web/support/stack.ts';

let taskIds: string[] = [];
let merchantId = '';
const stack = useStack(async (world) => {
  const region = await seedRegion(world);
  const { cameras } = await seedMerchant(world, region, 'school', '获嘉县第一初级中学食堂', [
    ['cooking', '热加工间'],
    ['cutting', '切配间'],
  ]);
  const actorId = (await world.db.selectFrom('account').select('id').executeTakeFirstOrThrow()).id;
  for (const [i, camera] of cameras.entries()) {
    const id = await seedFinding(world, { camera, photograph: [3, 6][i] ?? 3, ageS: 600 });
    const result = await confirmFinding(
      world.db,
      { findingId: id, actorId, version: undefined, note: '' },
      world.now(),
    );
    if (result.done && result.taskId !== null) taskIds = [...taskIds, result.taskId];
  }
  merchantId = (await world.db.selectFrom('merchant').select('id').executeTakeFirstOrThrow()).id;
});

const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

async function open(who: string, task: string, size = WIDE): Promise<Page> {
  const page = await stack().open({ ...size, path: `/tasks/${task}` });
  await page.getByLabel('用户名').fill(who);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('region', { name: '操作' }).waitFor();
  return page;
}
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const says = (page: Page, text: string) => page.getByText(text, { exact: true }).first().waitFor();
const stateOf = async (id: string) =>
  (await stack().db.selectFrom('task').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
const fits = (page: Page) =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

test('the merchant acknowledges and answers with a photo on the phone; the inspector returns it, then closes it', {
  timeout: 90_000,
}, async () => {
  const [task = ''] = taskIds;
  await addAccount(stack().api, 'manager', 'merchant', { merchantId });
  const manager = await open('manager', task, PHONE);
  const inspector = await open('inspector', task);
  await picture(manager, 'task-merchant-issued-390');
  await press(manager, '签收');
  await says(manager, '签收：已完成');
  expect(await stateOf(task)).toBe('acknowledged');

  await press(manager, '提交整改');
  // Nothing said: it asks for it and sends nothing.
  await manager.locator('form').getByRole('button', { name: '提交整改' }).click();
  await says(manager, '请填写说明');
  await manager.getByLabel('如何整改的').fill('已全员佩戴工作帽，并在班前会上提醒。');
  const { jpeg } = await sceneFrame(4, 0);
  await manager
    .locator('input[type=file]')
    .setInputFiles([{ name: 'after.png', mimeType: 'image/png', buffer: jpeg }]);
  await says(manager, '只能上传 JPEG 照片');
  await manager
    .locator('input[type=file]')
    .setInputFiles([{ name: 'after.jpg', mimeType: 'image/jpeg', buffer: jpeg }]);
  await manager.getByAltText('照片 1').waitFor();
  await picture(manager, 'task-merchant-answer-390');
  expect(await fits(manager)).toBe(true);
  await manager.locator('form').getByRole('button', { name: '提交整改' }).click();
  await says(manager, '提交整改：已完成');
  expect(await stateOf(task)).toBe('submitted');

  // The inspector's page was told by itself.
  await inspector.getByAltText('整改后 1').waitFor();
  await picture(inspector, 'task-inspector-submitted-1440');
  await press(inspector, '退回');
  await inspector.getByLabel('原因（商户会看到）').fill('左侧一人仍未戴好');
  await inspector.locator('form').getByRole('button', { name: '退回' }).click();
  await says(inspector, '退回：已完成');
  await manager.getByText('左侧一人仍未戴好').waitFor();
  await manager.getByText('已退回 1 次', { exact: true }).waitFor();

  await press(manager, '提交整改');
  await manager.getByLabel('如何整改的').fill('已重新佩戴');
  await manager.locator('form').getByRole('button', { name: '提交整改' }).click();
  await inspector.getByText('已重新佩戴').waitFor();
  await press(inspector, '办结');
  await inspector.locator('form').getByRole('button', { name: '办结' }).click();
  await says(inspector, '办结：已完成');
  await inspector.getByText('回头看至').waitFor();
  expect(await stateOf(task)).toBe('closed');
  await picture(inspector, 'task-inspector-closed-1440');
  await manager.getByText('现在没有需要您做的').waitFor();
  await picture(manager, 'task-merchant-closed-390');
  await inspector.evaluate("localStorage.setItem('mingzao.language', 'en')");
  await inspector.reload();
  await inspector.getByText('Nothing for you to do now').waitFor();
  await picture(inspector, 'task-inspector-closed-en-1440');
  expect([...complaintsOf(manager), ...complaintsOf(inspector)]).toEqual([]);
});

test('an appeal stops the countdown until it is decided; a page that is behind says so', {
  timeout: 60_000,
}, async () => {
  const [, task = ''] = taskIds;
  await addAccount(stack().api, 'owner', 'merchant', { merchantId });
  const owner = await open('owner', task, PHONE);
  await press(owner, '申诉：不是这样');
  await owner.getByLabel('为什么不是这样').fill('是送货人员，不在操作');
  await owner.locator('form').getByRole('button', { name: '申诉：不是这样' }).click();
  await owner.getByText('申诉处理中，期限暂停').waitFor();
  await owner
    .getByText(/^暂停，剩余 3/)
    .first()
    .waitFor();
  await picture(owner, 'task-merchant-appealed-390');
  const inspector = await open('inspector', task);
  await picture(inspector, 'task-inspector-appealed-1440');
  await press(inspector, '驳回申诉');
  await inspector.getByLabel('原因（商户会看到）').fill('画面中在切菜');
  await inspector.locator('form').getByRole('button', { name: '驳回申诉' }).click();
  await says(inspector, '驳回申诉：已完成');
  await owner.getByText('画面中在切菜').waitFor();
  expect(await stateOf(task)).toBe('issued');
  expect(await owner.getByRole('button', { name: '申诉：不是这样' }).count()).toBe(0);
  await owner.getByRole('button', { name: '签收', exact: true }).waitFor();

  // Somebody else was quicker, and this page has not heard of it.
  await owner.route(`**/api/v1/tasks/${task}`, (route) => route.abort());
  await press(inspector, '撤销任务');
  await inspector.getByLabel('原因（商户会看到）').fill('重复');
  await inspector.locator('form').getByRole('button', { name: '撤销任务' }).click();
  await says(inspector, '撤销任务：已完成');
  await press(owner, '签收');
  await says(owner, '任务刚刚有变化，请看过后再操作');
  expect(await stateOf(task)).toBe('withdrawn');
});

test('what the cadre saw since the task was issued stands on its page, with photographs; the merchant is told nothing of it', async () => {
  const [, task = ''] = taskIds;
  const { api, db } = stack();
  await addAccount(api, 'ganbu', 'cadre', { merchantId: null });
  await addAccount(api, 'head-of-visits', 'station_head');
  const head = caller(api, await tokenOf(api, 'head-of-visits'));
  const assigned = await head('POST /supervision/assignments', {
    cadre: 'ganbu',
    merchant: 'school',
    level: 'C',
  });
  expect(assigned.statusCode, assigned.body).toBe(201);
  const headers = { authorization: `Bearer ${await tokenOf(api, 'ganbu')}`, 'idempotency-key': randomUUID() };
  const photo = await api.app.inject({
    method: 'POST',
    url: '/api/v1/supervision/photos',
    headers: { ...headers, 'content-type': 'image/jpeg' },
    payload: (await sceneFrame(4, 0)).jpeg,
  });
  const made = await api.app.inject({
    method: 'POST',
    url: '/api/v1/supervision/visits',
    headers,
    payload: { merchant: 'school', note: '切配间人员已戴帽', photos: [photo.json<{ id: string }>().id] },
  });
  expect(made.statusCode, made.body).toBe(201);
  const page = await open('inspector', task);
  const visits = page.getByRole('region', { name: '包保干部督导' });
  await visits.getByText('切配间人员已戴帽').waitFor();
  await visits.getByAltText('照片 1').scrollIntoViewIfNeeded();
  await expect
    .poll(() => page.evaluate('document.querySelector(".visit-photos img").naturalWidth'))
    .toBeGreaterThan(0);
  await picture(page, 'task-cadre-visits-1440');
  await page.setViewportSize(PHONE);
  await visits.getByAltText('照片 1').scrollIntoViewIfNeeded();
  await picture(page, 'task-cadre-visits-390');
  expect(await fits(page)).toBe(true);
  expect(complaintsOf(page)).toEqual([]);

  // Its time is over: the page says so, and by which hash it can be known.
  await db.updateTable('visit_photo').set({ removed_at: new Date() }).execute();
  await page.reload();
  await visits.getByText(/照片已过保存期限（SHA-256 [0-9a-f]{12}…）/).waitFor();
  await addAccount(api, 'manager-of-visits', 'merchant', { merchantId });
  const merchant = await open('manager-of-visits', task, PHONE);
  expect(await merchant.getByText('包保干部督导').count()).toBe(0);
  expect(complaintsOf(merchant)).toEqual([]);
});

test('the history says what happened and not its state again; the merchant reads none of what is the office’s', async () => {
  const [, task = ''] = taskIds;
  const { api, db } = stack();
  const { finding_id: finding } = await db
    .selectFrom('task')
    .select('finding_id')
    .where('id', '=', task)
    .executeTakeFirstOrThrow();
  const row = { entity: 'task', entity_id: task, from_state: 'escalated', to_state: 'escalated' };
  const rows = [
    { command: 'review_overdue', reason: 'overdue_review' },
    { command: 'draft_document', reason: 'interview' },
    { command: 'void_document', reason: 'interview:食约谈〔2026〕1号', note: '人名有误' },
    { command: 'add_finding', reason: `add_finding:${finding}`, note: '同一处' },
    { command: 'transfer', to_state: 'transferred', reason: '县公安局', note: '涉嫌犯罪' },
  ];
  await db
    .insertInto('history')
    .values(rows.map((more) => ({ ...row, ...more, at: new Date() })))
    .execute();
  const lines = async (page: Page) => {
    const history = page.getByRole('region', { name: '经过' });
    await history.getByText('作废文书').waitFor();
    return (await history.getByRole('listitem').allInnerTexts()).slice(-rows.length);
  };
  const inspector = await open('inspector', task);
  await inspector.getByText(/责任约谈通知书/).waitFor();
  const seen = await lines(inspector);
  for (const [index, said] of [
    '审核逾期提醒 · 整改答复逾期未审核 · 系统',
    '起草文书 · 责任约谈通知书 · 系统',
    '作废文书 · 食约谈〔2026〕1号 · 系统',
    '并入问题 · 未戴帽 · 系统',
    '移送 · 县公安局 · 系统',
  ].entries())
    expect(seen[index]).toContain(said);
  const link = inspector.getByRole('region', { name: '经过' }).getByRole('link', { name: '未戴帽' });
  expect(await link.getAttribute('href')).toBe(`/findings/${finding}`);
  await link.scrollIntoViewIfNeeded();
  await picture(inspector, 'task-history-1440');

  await addAccount(api, 'manager-of-history', 'merchant', { merchantId });
  const merchant = await open('manager-of-history', task, PHONE);
  const told = (await lines(merchant)).join('\n');
  expect(told).toMatch(/移送 · 系统$/);
  expect(told).not.toMatch(/审核逾期|起草|公安|涉嫌/);
  expect(await merchant.getByRole('link', { name: '未戴帽' }).count()).toBe(0);
  expect(await fits(merchant)).toBe(true);
  await merchant.getByText('作废文书').scrollIntoViewIfNeeded();
  await picture(merchant, 'task-history-merchant-390');
  expect([...complaintsOf(inspector), ...complaintsOf(merchant)]).toEqual([]);
});
