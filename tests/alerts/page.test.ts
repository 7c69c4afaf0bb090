import { expect, test } from 'vitest';

import { addAccount, PASSWORD } from '../api/support.ts';
import { OUTPUT, useStack } from '../web/support/stack.ts';

const stack = useStack(async () => {});

const open = async (width: number) => {
  const page = await stack().open({ width, path: '/notifications' });
  await page.getByLabel('用户名').fill('boss');
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByRole('heading', { name: '通知设置' }).waitFor();
  return page;
};

test('one adds a phone, asks for a test, sets quiet hours, and sees what was sent; on a phone too', async () => {
  const { db } = stack();
  await addAccount(stack().api, 'boss', 'operator');
  await db
    .insertInto('region')
    .values({ code: 'county', path: 'county', parent_id: null, level: 'county', name: '测试县' })
    .execute();
  const page = await open(1440);
  await page.getByLabel('手机号').fill('+86 138 0000 0000');
  await page.getByRole('button', { name: '添加' }).click();
  await page.getByText('…0000').waitFor();
  await page.getByRole('button', { name: '测试 短信' }).click();
  await page.getByText('已发送，请查看').waitFor();
  await page.getByRole('switch', { name: '免打扰时段' }).click();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存').waitFor();
  const { habits } = await db.selectFrom('notify_setting').select('habits').executeTakeFirstOrThrow();
  expect(habits.quiet).toEqual({ from: '22:00', to: '07:00', timeZone: 'Asia/Shanghai' });
  const target = await db.selectFrom('notify_target').selectAll().executeTakeFirstOrThrow();
  await db
    .insertInto('message')
    .values({
      target_id: target.id,
      channel: 'sms',
      group_key: 'task:1',
      class: 2,
      content: JSON.stringify({
        language: 'zh-CN',
        title: '【明灶】第一小学食堂：未戴帽 待处理',
        lines: ['ZG-20261122-000001 未戴帽 待处理，烹饪区 · 灶台，签收截止 11-22 16:00'],
        link: 'https://mingzao.test/tasks/1',
      }),
      count: 1,
      state: 'dead',
      attempts: 1,
      next_at: new Date(),
      last_error: '192.168.77.1 is not a public address; MINGZAO_OUTBOUND_ALLOW may name it',
      created_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
    .then(({ id }) =>
      db
        .updateTable('notification')
        .set({ message_id: id, state: 'gathered' })
        .where('topic', '=', 'test')
        .execute(),
    );
  await page.reload();
  await page.getByText('not a public address').waitFor();
  await page.screenshot({ path: `${OUTPUT}/notifications-1440.png`, fullPage: true });
  await page.getByRole('button', { name: '重新发送' }).click();
  await page.locator('.notify-message').getByText('等待发送').waitFor();
  const phone = await open(390);
  await phone.locator('.notify-message').waitFor();
  const wide = await phone.evaluate<number>('document.documentElement.scrollWidth');
  await phone.screenshot({ path: `${OUTPUT}/notifications-390.png`, fullPage: true });
  expect(wide).toBeLessThanOrEqual(390);
}, 60_000);
