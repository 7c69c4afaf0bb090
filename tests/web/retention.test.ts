/** 保存期限 on screen: what goes next is shown, a change is tried before it is saved, a region says otherwise and takes it back; holds stand there. */
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { placeHold } from '../../services/db/holds.ts';
import { addAccount } from '../api/support.ts';
import { axeFaults } from './support/axe.ts';
import { useOperation, whole } from './support/operator.ts';
import { complaintsOf, picture, signIn } from './support/stack.ts';

const operation = useOperation();

test('an operator sees what would go, tries a shorter time, saves it with a reason, and the audit has it', async () => {
  const { db } = operation.stack();
  await sql`insert into event (type, region_path, payload, at)
    select 'camera.state', 'huojia', '{}', now() - interval '390 days' from generate_series(1, 40)`.execute(
    db,
  );
  const finding = await db.selectFrom('finding').select('id').limit(1).executeTakeFirstOrThrow();
  const hold = { caseId: finding.id, actorId: null, reason: '行政复议期间保全' };
  await placeHold(db, hold, new Date());

  const page = await operation.open({ path: '/settings/retention' });
  const item = (name: string, since: string) =>
    page.locator('.retention-item').filter({ has: page.getByRole('heading', { name }), hasText: since });
  const events = item('事件日志', '写入后');
  await events.getByText('没有到期的内容').waitFor();
  await events.getByText('下限 180 天（网络安全法）').waitFor();
  await page.locator('.retention-holds').getByText('行政复议期间保全').waitFor();
  await whole(page, 'operator-retention-whole');

  await events.getByRole('button', { name: '编辑 事件日志' }).click();
  const save = events.getByRole('button', { name: '保存', exact: true });
  await events.getByLabel('保存天数').fill('90');
  await events.getByText('应在 180 至 36500 天之间').waitFor();
  expect(await save.isDisabled()).toBe(true);
  await events.getByLabel('保存天数').fill('365');
  await events.getByText('40 项到期，将被清理').waitFor();
  await events.getByLabel('修改理由').fill('磁盘不足，保存一年');
  await picture(page, 'operator-retention-1440');
  expect(await axeFaults(page)).toEqual([]);
  await save.click();
  await events.getByText('365 天').waitFor();
  await events.locator('.retention-next').getByText('40 项到期，将被清理').waitFor();

  const clips = item('证据视频', '办结后');
  await clips.getByRole('button', { name: '为下级辖区单独规定…' }).click();
  const choice = clips.getByRole('combobox', { name: '辖区' });
  await choice.focus();
  await page.keyboard.press('ArrowDown');
  await page.getByTitle('获嘉县', { exact: false }).first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await clips.getByLabel('保存天数').fill('1000');
  await clips.getByRole('button', { name: '保存', exact: true }).click();
  await clips.getByText('1000 天').waitFor();
  await clips.getByRole('button', { name: '撤销，随上级' }).click();
  await clips.getByText('1000 天').waitFor({ state: 'detached' });

  await page.goto(`${operation.stack().url}/system/audit?entity=retention_policy`);
  const entry = page.locator('.audit-entry').filter({ hasText: '磁盘不足，保存一年' });
  await entry.getByText('365').waitFor();
  expect(await entry.textContent()).toContain('yunwei');
  expect(complaintsOf(page)).toEqual([]);
});

test('a head reads it and changes nothing', async () => {
  const { api } = operation.stack();
  await addAccount(api, 'suozhang', 'station_head');
  const page = await operation.stack().open({ path: '/settings/retention', width: 390, height: 844 });
  await signIn(page, 'suozhang');
  await page.getByRole('heading', { name: '文书' }).waitFor();
  expect(await page.locator('.retention-item').getByRole('button').count()).toBe(0);
  await picture(page, 'operator-retention-390');
  expect(await axeFaults(page)).toEqual([]);
  expect(complaintsOf(page)).toEqual([]);
});
