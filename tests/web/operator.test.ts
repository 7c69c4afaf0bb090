/** An operator's story: sees at one glance what is amiss, reads why a delivery died, sends it again, changes a policy, finds both in the audit. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addAccount, as } from '../api/support.ts';
import { axeFaults } from './support/axe.ts';
import { useOperation, whole } from './support/operator.ts';
import { complaintsOf, picture, signIn } from './support/stack.ts';

const operation = useOperation();

test('one glance: what is amiss, and each number leads to the list behind it', async () => {
  const page = await operation.open({ path: '/system' });
  await page.getByRole('heading', { name: '服务进程' }).waitFor();
  await picture(page, 'operator-system-1440');
  await whole(page, 'operator-system-whole');
  const summary = page.getByRole('region', { name: '总体状态' });
  expect(await summary.getByRole('status').textContent()).toContain('异常');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('link', { name: '长时间没有收到画面 2' }).click();
  await page.waitForURL(/cause=no/);
  await page.getByText('长时间没有收到画面 ×').waitFor();
  await expect.poll(() => page.locator('.camera-grid > li').count()).toBe(2);
  expect(complaintsOf(page)).toEqual([]);
});

test('a dead letter: why, sent again, delivered to a real server', async () => {
  const { api } = operation.stack();
  const call = await as(api, 'helper', 'operator');
  operation.platform().answer = (_request, response) => void response.writeHead(410).end('endpoint retired');
  const made = await call('POST /webhooks', {
    name: '市智慧监管平台',
    url: `${operation.platform().url}/events`,
    region: 'huojia',
    types: ['finding.confirmed'],
  });
  expect(made.statusCode).toBe(201);
  const [finding] = (await call('GET /findings?state=pending_review')).json<{ items: { id: string }[] }>()
    .items;
  expect((await call(`POST /findings/${finding?.id}/confirm`, {})).statusCode).toBe(200);
  await operation.platform().received.until((seen) => seen.length === 1);

  const page = await operation.open({ path: '/system/outbox?state=dead' });
  const letter = page.locator('.outbox-delivery').filter({ hasText: '线索属实' });
  await letter.getByText('对方返回 410').waitFor();
  expect(await letter.textContent()).toContain('对方声明不再接收');
  expect(await letter.textContent()).toContain('endpoint retired');
  await letter.getByRole('button', { name: '内容' }).click();
  await letter.getByText('findingId').waitFor();
  await picture(page, 'operator-outbox-1440');
  expect(await axeFaults(page)).toEqual([]);

  operation.platform().answer = (_request, response) => void response.writeHead(200).end();
  await letter.getByRole('button', { name: '重新发送' }).click();
  const [, told] = await operation.platform().received.until((seen) => seen.length === 2);
  expect(JSON.parse(told?.body ?? '')).toMatchObject({
    type: 'finding.confirmed',
    data: { findingId: finding?.id },
  });
  await page.getByText('没有失败的外发').waitFor();
  await page.getByRole('button', { name: /^已送达/ }).click();
  await page.locator('.outbox-delivery').filter({ hasText: '线索属实' }).getByText('送达于').waitFor();

  // It is in the audit, with who did it; the file says the same.
  await page.getByRole('link', { name: '审计', exact: true }).click();
  await page.getByRole('button', { name: '立即核验' }).click();
  await page.getByText('未被改动').first().waitFor();
  await page.getByLabel('操作人（用户名）').fill('yunwei');
  await page.getByRole('button', { name: '查找' }).click();
  const entry = page.locator('.audit-entry').filter({ hasText: '重发外发' });
  await entry.waitFor();
  expect(await entry.textContent()).toContain('yunwei');
  await expect.poll(() => page.locator('.audit-entry').filter({ hasNotText: 'yunwei' }).count()).toBe(0);
  expect(complaintsOf(page)).toEqual([]);
});

test('dead letters of one cause are set aside with a reason, leave the count, and are taken up again', async () => {
  const { db } = operation.stack();
  const webhook = await sql<{ id: string }>`select id from webhook limit 1`.execute(db);
  for (const error of ['the receiver answered 500: request 17', 'the receiver answered 500: request 18'])
    await sql`with told as (
        insert into event (type, region_path, payload) select 'task.issued', path, '{}' from region limit 1 returning id
      ) insert into outbox (event_id, webhook_id, state, attempts, last_status, last_error)
      select id, ${webhook.rows[0]?.id}, 'dead', 12, 500, ${error} from told`.execute(db);
  const page = await operation.open({ path: '/system/outbox?state=dead' });
  const causes = page.getByRole('region', { name: '按原因处理' });
  const cause = causes.getByRole('listitem').filter({ hasText: '对方返回 500' });
  await cause.getByRole('button', { name: '搁置这 2 条…' }).click();
  const submit = cause.getByRole('button', { name: '搁置 2 条' });
  expect(await submit.isDisabled()).toBe(true);
  await cause.getByLabel('搁置理由').fill('对方已人工补录');
  await picture(page, 'operator-aside-1440');
  expect(await axeFaults(page)).toEqual([]);
  await submit.click();
  await page.getByText('没有失败的外发').waitFor();
  expect(
    await page
      .locator('.outbox-destination')
      .getByText(/条失败/)
      .count(),
  ).toBe(0);

  await page.getByRole('button', { name: /^已搁置/ }).click();
  const letter = page.locator('.outbox-delivery').first();
  await letter.getByText('搁置理由：对方已人工补录').waitFor();
  await letter.getByText('yunwei').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await picture(page, 'operator-aside-390');
  expect(await axeFaults(page)).toEqual([]);
  await letter.getByRole('button', { name: '取回' }).click();
  await expect.poll(() => page.locator('.outbox-delivery').count()).toBe(1);
  await page.getByRole('button', { name: /^失败/ }).click();
  await page.locator('.outbox-delivery').getByRole('button', { name: '搁置…' }).waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('the audit is readable: what was before, what is after', async () => {
  const page = await operation.open({ path: '/system/audit?entity=webhook' });
  const made = page.locator('.audit-entry').filter({ hasText: '新建' });
  await made.getByText('新建时的内容').click();
  await made.getByText('地址').waitFor();
  await picture(page, 'operator-audit-1440');
  expect(await axeFaults(page)).toEqual([]);
});

test('a policy: tried on last month before it is saved, and found in the audit', async () => {
  const call = await as(operation.stack().api, 'planner', 'operator');
  const [finding] = (await call('GET /findings?state=pending_review')).json<{ items: { id: string }[] }>()
    .items;
  expect((await call(`POST /findings/${finding?.id}/confirm`, {})).statusCode).toBe(200);
  const page = await operation.open({ path: '/settings?region=huojia' });
  const limits = page.getByRole('group', { name: '时限' });
  const submit = limits.getByLabel('提交整改', { exact: true }).nth(1);
  await submit.fill('1');
  await page.getByText('请先试运行').waitFor();
  expect(await page.getByRole('button', { name: '保存为新版本' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: '试运行' }).click();
  await page.getByText(/整改期限：[1-9] 个提前，0 个推后/).waitFor();
  await picture(page, 'operator-policy-1440');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByLabel('修改说明').fill('县局通知：二类问题一日内整改');
  await page.getByRole('button', { name: '保存为新版本' }).click();
  await page.getByText('已保存为第 1 版').waitFor();
  await page.locator('.policy-version').filter({ hasText: '现行' }).getByText('第 1 版').waitFor();
  await whole(page, 'operator-policy-whole');

  await page.goto(`${operation.stack().url}/system/audit?entity=policy`);
  const entry = page.locator('.audit-entry').filter({ hasText: '县局通知' });
  await entry.getByText('新建时的内容').click();
  await entry.getByText('内容 › 时限 › 2 › 整改时限（分钟）').waitFor();
  expect(await entry.textContent()).toContain('1440');
  expect(complaintsOf(page)).toEqual([]);
});

test('a limit that does not fit is named where it stands, and nothing is saved', async () => {
  const page = await operation.open({ path: '/settings?region=huojia' });
  const limits = page.getByRole('group', { name: '时限' });
  await limits.getByLabel('签收', { exact: true }).first().fill('9999');
  await page.getByRole('button', { name: '试运行' }).click();
  await limits.getByText(/^9999 不正确：须小于整改时限（\d+ 分钟）$/).waitFor();
  await page.getByText('有 1 处需要改正').waitFor();
  expect(await page.getByRole('button', { name: '保存为新版本' }).isDisabled()).toBe(true);
});

test('what is old is never shown as the present state', async () => {
  const page = await operation.open({ path: '/system' });
  await page.getByRole('heading', { name: '服务进程' }).waitFor();
  await page.clock.install();
  await page.route('**/api/v1/system', (route) => route.abort());
  await page.clock.runFor(60_000);
  await page.locator('.system-stale').waitFor();
  await page.getByRole('alert').filter({ hasText: '重试' }).waitFor();
  await page.unroute('**/api/v1/system');
  await page.getByRole('alert').getByRole('button', { name: '重试' }).click();
  await page.locator('.system-stale').waitFor({ state: 'detached' });
});

test('a head reads the policy and cannot change it; a director sees the audit, not the machine', async () => {
  const { api } = operation.stack();
  await addAccount(api, 'suozhang', 'station_head');
  const head = await operation.stack().open({ path: '/settings' });
  await signIn(head, 'suozhang');
  await head.getByRole('group', { name: '时限' }).waitFor();
  expect(await head.getByRole('button', { name: '试运行' }).count()).toBe(0);
  expect(await head.getByLabel('签收', { exact: true }).first().isDisabled()).toBe(true);
  expect(await head.getByRole('link', { name: '平台与令牌' }).count()).toBe(0);
  expect(await head.getByRole('navigation', { name: '主导航' }).getByText('系统').count()).toBe(0);
  await addAccount(api, 'juzhang', 'director');
  const director = await operation.stack().open({ path: '/system' });
  await signIn(director, 'juzhang');
  await director.getByRole('heading', { name: '系统' }).waitFor();
  await director.getByRole('button', { name: '查找' }).waitFor();
  expect(await director.getByText('服务进程').count()).toBe(0);
});
