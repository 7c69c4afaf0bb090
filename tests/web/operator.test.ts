/** An operator's story: sees at one glance what is amiss, reads why a delivery died, sends it again, and it arrives. */
import { readFile, symlink } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readServiceConfig } from '../../services/config/config.ts';
import { keepDiskSample } from '../../services/db/disk-samples.ts';
import { startBeating } from '../../services/db/process-beats.ts';
import { PROCESSES } from '../../services/domain/processes.ts';
import type { ZoneKind } from '../../services/domain/words.ts';
import { type OutboxRelay, startOutbox } from '../../workers/outbox/context.ts';
import { addAccount, as, signIn as tokenOf } from '../api/support.ts';
import { callerWithKeys, type Platform, startPlatform } from '../platforms/support/platform.ts';
import { axeFaults } from './support/axe.ts';
import {
  seedFinding,
  seedMerchant,
  seedRefusals,
  seedRegion,
  seedStatus,
  type World,
} from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const ZONES: [ZoneKind, string][] = [
  ['cooking', '热加工间'],
  ['special_room', '凉菜专间'],
  ['washing', '洗消间'],
];
const KITCHENS = ['第一初级中学食堂', '老王家常菜馆', '阳光幼儿园食堂', '县医院职工食堂'];

const MODELS = new URL('../../models', import.meta.url).pathname;

async function seed(world: World): Promise<void> {
  const { db, now } = world;
  const region = await seedRegion(world);
  for (const [i, name] of KITCHENS.entries()) {
    const { cameras, gatewayId } = await seedMerchant(world, region, `kitchen-${i}`, name, ZONES);
    if (i === 0) await seedRefusals(world, gatewayId);
    for (const [j, camera] of cameras.entries()) {
      if (i === 1 && j === 0) await seedStatus(world, camera, 'offline', 'wrong user or password');
      else if (i === 2 && j < 2) await seedStatus(world, camera, 'offline', `no picture for ${40 + j} s`);
      else if (i === 3 && j === 1) await seedStatus(world, camera, 'frozen', 'the picture does not change');
      else await seedStatus(world, camera, 'online', '');
    }
    const [first] = cameras;
    if (first !== undefined) await seedFinding(world, { camera: first, photograph: 1, ageS: 600 + i * 60 });
  }
  const ago = (minutes: number): Date => new Date(now().getTime() - minutes * 60_000);
  await sql`insert into look (id, camera_id, source, captured_at, state, frames, outcome, reason, decided_at)
    select gen_random_uuid(), (select id from camera order by code limit 1), 'mqtt', at, 'decided', '[]',
      case when n % 40 = 0 then 'dropped' else 'calm' end,
      case when n % 40 = 0 then 'a newer look of this camera came first' else '' end, at
    from (select n, ${now()}::timestamptz - make_interval(mins => n) as at from generate_series(1, 900) as n) as looks`.execute(
    db,
  );
  const gigabyte = 1_000_000_000;
  for (const day of [6, 5, 4, 3, 2, 1])
    await keepDiskSample(db, { total: 500 * gigabyte, free: (60 + day * 4) * gigabyte }, ago(day * 1440));
  await sql`insert into process_beat (id, name, host, pid, started_at, seen_at)
    values (gen_random_uuid(), 'detection', 'mingzao-1', 4711, now() - interval '9 hours', now() - interval '3 hours')`.execute(
    db,
  );
}

const stack = useStack(seed, {});
const beating: { close(): Promise<void> }[] = [];
let platform: Platform;
let relay: OutboxRelay;

beforeAll(async () => {
  platform = await startPlatform();
  const { api, db } = stack();
  // The models of this checkout, as a service has them.
  await symlink(MODELS, api.context.config.modelsDir);
  for (const name of PROCESSES) beating.push(startBeating(db, name));
  const { config } = api.context;
  relay = startOutbox(
    readServiceConfig({
      DATABASE_URL: api.databaseUrl,
      MQTT_URL: 'mqtt://127.0.0.1:9',
      OBJECT_STORE_URL: `file://${api.folder}`,
      MINGZAO_SECRET_KEY: config.secretKey.toString('hex'),
      MINGZAO_OUTBOUND_ALLOW: '127.0.0.1',
      MINGZAO_LOG_LEVEL: 'silent',
    }),
  );
  await addAccount(api, 'yunwei', 'operator');
});
afterAll(async () => {
  await relay?.close();
  await Promise.all(beating.map((one) => one.close()));
  await platform?.close();
});

/** All of a page that scrolls inside. */
async function whole(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? { width: 1440, height: 900 };
  const height = await page.evaluate('document.querySelector(".page").scrollHeight + 60');
  await page.setViewportSize({ ...before, height: Number(height) });
  await picture(page, name);
  await page.setViewportSize(before);
}

async function operator(options: Parameters<ReturnType<typeof stack>['open']>[0]): Promise<Page> {
  const page = await stack().open(options);
  await signIn(page, 'yunwei');
  return page;
}

test('one glance: what is amiss, and each number leads to the list behind it', async () => {
  const page = await operator({ path: '/system' });
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
  const { api } = stack();
  const call = await as(api, 'helper', 'operator');
  platform.answer = (_request, response) => void response.writeHead(410).end('endpoint retired');
  const made = await call('POST /webhooks', {
    name: '市智慧监管平台',
    url: `${platform.url}/events`,
    region: 'huojia',
    types: ['finding.confirmed'],
  });
  expect(made.statusCode).toBe(201);
  const [finding] = (await call('GET /findings?state=pending_review')).json<{ items: { id: string }[] }>()
    .items;
  expect((await call(`POST /findings/${finding?.id}/confirm`, {})).statusCode).toBe(200);
  await platform.received.until((seen) => seen.length === 1);

  const page = await operator({ path: '/system/outbox?state=dead' });
  const letter = page.locator('.outbox-delivery').filter({ hasText: '线索属实' });
  await letter.getByText('对方返回 410').waitFor();
  expect(await letter.textContent()).toContain('对方声明不再接收');
  expect(await letter.textContent()).toContain('endpoint retired');
  await letter.getByRole('button', { name: '内容' }).click();
  await letter.getByText('findingId').waitFor();
  await picture(page, 'operator-outbox-1440');
  expect(await axeFaults(page)).toEqual([]);

  platform.answer = (_request, response) => void response.writeHead(200).end();
  await letter.getByRole('button', { name: '重新发送' }).click();
  const [, told] = await platform.received.until((seen) => seen.length === 2);
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

test('the audit is readable: what was before, what is after', async () => {
  const page = await operator({ path: '/system/audit?entity=webhook' });
  const made = page.locator('.audit-entry').filter({ hasText: '新建' });
  await made.getByText('新建时的内容').click();
  await made.getByText('地址').waitFor();
  await picture(page, 'operator-audit-1440');
  expect(await axeFaults(page)).toEqual([]);
});

test('a policy: tried on last month before it is saved, and found in the audit', async () => {
  const page = await operator({ path: '/settings?region=huojia' });
  const limits = page.getByRole('group', { name: '时限' });
  const submit = limits.getByLabel('提交整改', { exact: true }).nth(1);
  await submit.fill('1');
  await page.getByText('请先试运行').waitFor();
  expect(await page.getByRole('button', { name: '保存为新版本' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: '试运行' }).click();
  await page.getByText('整改期限：1 个提前，0 个推后').waitFor();
  await picture(page, 'operator-policy-1440');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByLabel('修改说明').fill('县局通知：二类问题一日内整改');
  await page.getByRole('button', { name: '保存为新版本' }).click();
  await page.getByText('已保存为第 1 版').waitFor();
  await page.locator('.policy-version').filter({ hasText: '现行' }).getByText('第 1 版').waitFor();
  await whole(page, 'operator-policy-whole');

  await page.goto(`${stack().url}/system/audit?entity=policy`);
  const entry = page.locator('.audit-entry').filter({ hasText: '县局通知' });
  await entry.getByText('新建时的内容').click();
  await entry.getByText('内容 › 时限 › 2 › 整改时限（分钟）').waitFor();
  expect(await entry.textContent()).toContain('1440');
  expect(complaintsOf(page)).toEqual([]);
});

test('a limit that does not fit is named where it stands, and nothing is saved', async () => {
  const page = await operator({ path: '/settings?region=huojia' });
  const limits = page.getByRole('group', { name: '时限' });
  await limits.getByLabel('签收', { exact: true }).first().fill('9999');
  await page.getByRole('button', { name: '试运行' }).click();
  await limits.getByText('must be less than submitMin').waitFor();
  expect(await page.getByRole('button', { name: '保存为新版本' }).isDisabled()).toBe(true);
});

test('calendars, templates, checklists: each saved as the next version', async () => {
  const page = await operator({ path: '/settings/calendars' });
  await page.getByRole('button', { name: '新增日历' }).click();
  await page.getByLabel('编码').fill('cn-2027');
  await page.getByLabel('名称', { exact: true }).first().fill('2027 年节假日');
  await page.getByRole('button', { name: '增加一天' }).click();
  await page.getByLabel('日期').fill('2027-10-01');
  await page.getByRole('group', { name: '节假日与调休' }).getByLabel('名称').fill('国庆节');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const calendar = page.locator('.settings-card').filter({ hasText: '2027 年节假日' });
  await calendar.getByText('2027-10-01 国庆节').waitFor();

  await page.getByRole('link', { name: '文书模板' }).click();
  await page.getByText('证据图片（单独一行）').waitFor();
  const body = page.getByLabel('正文');
  await body.fill(`${await body.inputValue()}\n- 备注：`);
  await page.getByRole('button', { name: '经营主体名称' }).click();
  expect(await body.inputValue()).toContain('{{merchant}}');
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '下载预览 PDF' }).click(),
  ]);
  const pdf = (await readFile(await file.path())).subarray(0, 5).toString();
  expect(pdf).toBe('%PDF-');
  await page.getByRole('button', { name: '保存为新版本' }).click();
  await page.getByText('第 2 版').waitFor();
  await picture(page, 'operator-templates-1440');
  await body.fill('{{nobody}}');
  await page.getByRole('button', { name: '保存为新版本' }).click();
  await page.getByText(/line 1, column 1: there is no field/).waitFor();

  await page.getByRole('link', { name: '检查表' }).click();
  const list = page.locator('.settings-card').filter({ hasText: '日管控' }).first();
  await list.getByRole('button', { name: '编辑' }).click();
  const items = page.locator('.settings-items > li');
  await items.first().waitFor();
  const before = await items.count();
  await page.getByRole('button', { name: '增加条目' }).click();
  const added = items.nth(before);
  await added.getByLabel('条目编码').fill('gloves');
  await added.getByLabel('检查内容').fill('专间操作人员佩戴手套');
  await added.getByLabel('英文内容').fill('Gloves are worn in special rooms');
  await picture(page, 'operator-checklist-1440');
  await page.getByRole('button', { name: '保存为新版本' }).click();
  await page
    .getByText(`${before + 1} 个条目`)
    .first()
    .waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('a platform: registered with its secret, let in by a token, both shown once', async () => {
  const { api } = stack();
  await addAccount(api, 'city-platform', 'platform');
  const page = await operator({ path: '/settings/platforms' });
  await page.getByRole('button', { name: '登记平台' }).click();
  await page.getByLabel('名称', { exact: true }).fill('省平台');
  await page.getByLabel('平台地址').fill('https://platform.example.org/events');
  await page.getByRole('button', { name: '保存', exact: true }).click();
  const secret = await page.getByText('签名密钥只显示这一次').locator('code').textContent();
  expect(secret?.length).toBeGreaterThan(30);
  await page.keyboard.press('Escape');
  await page.locator('.settings-card').filter({ hasText: '省平台' }).waitFor();
  const account = page.locator('.settings-card').filter({ hasText: 'city-platform' });
  await account.getByLabel('新令牌名称').fill('事件接口');
  await account.getByRole('button', { name: '生成令牌' }).click();
  const token = await account.getByText('令牌只显示这一次').locator('code').textContent();
  const answer = await fetch(`${stack().url}/api/v1/session`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.status).toBe(200);
  await account.getByRole('button', { name: '停用 事件接口' }).click();
  await account.getByText('已停用').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('a lead: what the other authority answered is entered, and stands there', async () => {
  const { api } = stack();
  await addAccount(api, 'sender', 'station_head');
  const { keyed } = callerWithKeys(api, await tokenOf(api, 'sender'));
  const sent = await keyed('POST /leads', {
    merchant: 'kitchen-1',
    target: 'police',
    targetName: '县公安局食药环侦大队',
    legalReason: '《行政执法机关移送涉嫌犯罪案件的规定》第三条',
  });
  expect(sent.statusCode).toBe(201);
  const page = await operator({ path: '/tasks' });
  await page.getByRole('link', { name: '线索移送' }).click();
  const lead = page.locator('.lead').filter({ hasText: '老王家常菜馆' });
  await lead.getByText('已移送').waitFor();
  await lead.getByRole('button', { name: '登记对方答复' }).click();
  await lead.getByRole('combobox', { name: '对方答复' }).click();
  await page.getByTitle('立案', { exact: true }).click();
  await lead.getByLabel('立案号').fill('获公（食药）立字〔2026〕12号');
  await lead.getByRole('button', { name: '保存' }).click();
  await lead.getByText('已立案').waitFor();
  await lead.getByText('立案号 获公（食药）立字〔2026〕12号').waitFor();
  await picture(page, 'operator-leads-1440');
  expect(complaintsOf(page)).toEqual([]);
});

const PATHS = [
  '/system',
  '/system/outbox',
  '/system/audit',
  '/settings',
  '/settings/calendars',
  '/settings/templates',
  '/settings/checklists',
  '/settings/platforms',
  '/tasks/leads',
];

test.each([
  ['zh-CN', 390, false],
  ['en', 390, true],
  ['en', 1920, true],
] as const)('the pages in %s at %i px (dark: %s)', async (language, width, dark) => {
  const page = await operator({ width, height: width === 390 ? 844 : 1080, dark, path: '/system' });
  if (language === 'en') await page.getByRole('button', { name: 'EN' }).click();
  for (const path of PATHS) {
    await page.goto(stack().url + path);
    await page.locator('.sheet, .policy-part, .note').first().waitFor();
    await page.locator('.bones').first().waitFor({ state: 'detached' });
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(Number(wide), `${path} is wider than the screen`).toBeLessThanOrEqual(width);
    expect(await axeFaults(page), path).toEqual([]);
    await whole(page, `operator-${path.split('/').at(-1)}-${width}-${language}${dark ? '-dark' : ''}`);
  }
});
