/** 摄像头接入: an operator adds a camera, finds why it does not answer, approves what it sees, and it is in service. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepLookBoxes } from '../../services/db/look-boxes.ts';
import type { Box } from '../../services/domain/words.ts';
import type { RtspServer } from '../../tools/rtsp-server/start.ts';
import { addAccount } from '../api/support.ts';
import { startFakeCamera } from '../onboard/fake-onvif.ts';
import { startGatewayOf, startKitchenCamera } from '../onboard/support.ts';
import { axeFaults } from './support/axe.ts';
import { sceneFrame } from './support/scenes.ts';
import { seedMerchant, seedRegion, type World } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const PASSWORD = 'p@ss:wörd/1';

async function seed(world: World): Promise<void> {
  const region = await seedRegion(world);
  await seedMerchant(world, region, 'middle-school', '第一初级中学食堂', [['cooking', '热加工间']]);
  await seedMerchant(world, region, 'wang', '老王家常菜馆（同盟大道店）', [['cutting', '切配间']]);
}

const stack = useStack(seed);
let gateway: { stop(): Promise<void> } | undefined;
let kitchen: RtspServer;

beforeAll(async () => {
  await addAccount(stack().api, 'operator', 'operator');
  kitchen = await startKitchenCamera({ photograph: 6, seconds: 60, user: 'admin', password: PASSWORD });
  gateway = await startGatewayOf(stack().api);
});
afterAll(async () => {
  await gateway?.stop();
  await kitchen?.stop();
});

const cameraOf = async (code: string) =>
  await stack()
    .db.selectFrom('camera')
    .leftJoin('camera_status', 'camera_status.camera_id', 'camera.id')
    .select(['camera.id', 'awaits_approval', 'enabled', 'camera_status.state'])
    .where('code', '=', code)
    .executeTakeFirstOrThrow();

async function chooseMerchant(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: '经营主体' }).fill(name.slice(0, 4));
  await expect
    .poll(() => page.locator('.picker-one').allTextContents())
    .toEqual([expect.stringContaining(name)]);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByRole('combobox', { name: '经营主体' }).inputValue()).toContain(name);
}

test('from sign-in to a live camera: a wrong password is told, the first picture is approved, the camera is looked at', async () => {
  const { db } = stack();
  const page = await stack().open({ path: '/cameras' });
  await signIn(page, 'operator');
  await page.getByRole('button', { name: '添加摄像头' }).click();
  await page.getByRole('heading', { name: '添加摄像头', level: 1 }).waitFor();
  await chooseMerchant(page, '第一初级中学食堂');
  await page.getByRole('button', { name: '新建功能区' }).click();
  await page.getByLabel('功能区类别').selectOption('special_room');
  await page.getByLabel('功能区名称').fill('凉菜专间');
  await page.getByRole('button', { name: '保存功能区' }).click();
  await expect
    .poll(() => page.getByLabel('功能区', { exact: true }).locator('option:checked').textContent())
    .toContain('凉菜专间');
  await page.getByLabel('摄像头名称').fill('凉菜专间1号');
  await page.getByLabel('编号').fill('middle-school-cold1');

  // A whole address that is pasted is taken apart; the make is seen from its path.
  await page
    .getByLabel('地址', { exact: true })
    .fill(`rtsp://admin:wrong@127.0.0.1:${kitchen.port}/Streaming/Channels/101`);
  expect(await page.getByLabel('端口').inputValue()).toBe(String(kitchen.port));
  await page.getByRole('button', { name: '测试连接' }).click();
  await page.getByText('主码流不通：用户名或密码错误').waitFor();
  await picture(page, 'onboard-add-wrong-1440');
  expect(await axeFaults(page)).toEqual([]);

  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '测试连接' }).click();
  await page.getByText('主码流正常').waitFor();
  await page.getByText('H264 · 960×540 · 5 帧/秒').waitFor();
  await page.getByRole('img', { name: '首帧画面' }).waitFor();
  await picture(page, 'onboard-add-1440');

  await page.getByRole('button', { name: '添加并继续设置' }).click();
  await page.getByRole('heading', { name: '凉菜专间1号' }).waitFor();
  await page.getByText('主码流正常').waitFor({ timeout: 30_000 });
  await picture(page, 'onboard-connect-1440');
  expect(await axeFaults(page)).toEqual([]);
  const added = await cameraOf('middle-school-cold1');
  expect(added).toMatchObject({ awaits_approval: true, enabled: true });
  await expect
    .poll(async () => (await cameraOf('middle-school-cold1')).state, { timeout: 20_000 })
    .toBe('online');
  const looks = () => db.selectFrom('look').select('id').where('camera_id', '=', added.id).execute();
  expect(await looks()).toEqual([]);

  await page.getByRole('button', { name: '去核准首帧' }).click();
  const approve = page.getByRole('button', { name: '核准首帧' });
  expect(await approve.isDisabled()).toBe(true);
  await page.getByLabel('画面中没有更衣室、休息室、卫生间等私密场所').check();
  await picture(page, 'onboard-approve-1440');
  expect(await axeFaults(page)).toEqual([]);
  await approve.click();
  await page.getByText('已投入使用').waitFor();
  await page.getByText('由 operator 确认').waitFor();
  expect(await approve.count()).toBe(0);
  expect(await cameraOf('middle-school-cold1')).toMatchObject({ awaits_approval: false });
  await expect.poll(async () => (await looks()).length, { timeout: 60_000 }).toBeGreaterThan(0);

  // Areas: by keys alone a corner is moved, one is removed, and both come back.
  const head: Box = [0.12, 0.28, 0.26, 0.52];
  for (let n = 0; n < 12; n += 1) {
    const detection = { kind: 'no_hat', verdict: 'yes', score: 0.55 + n / 40, sizePx: 60 + 10 * n } as const;
    const capturedAt = new Date(Date.now() - n * 60_000);
    await keepLookBoxes(
      db,
      { id: randomUUID(), cameraId: added.id, capturedAt },
      [0, 2, 4, 6].map((s) => ({
        at: new Date(capturedAt.getTime() + s * 1000).toISOString(),
        detections: [
          { ...detection, box: head },
          { ...detection, score: 0.9, sizePx: 130, box: [0.72 + n / 400, 0.15, 0.9 + n / 400, 0.42] },
        ],
      })),
    );
  }
  await page.getByRole('link', { name: '去画区' }).click();
  await page.getByText('对最近 12 次有检出的巡看的影响').waitFor();
  await page.getByRole('button', { name: '+ 忽略区' }).click();
  const corner = (n: number) => page.getByRole('button', { name: `忽略区 第 ${n} 点`, exact: false });
  await corner(1).focus();
  for (let i = 0; i < 12; i += 1) await page.keyboard.press('Shift+ArrowLeft');
  await corner(4).focus();
  for (let i = 0; i < 12; i += 1) await page.keyboard.press('Shift+ArrowLeft');
  await corner(2).focus();
  await page.keyboard.press('Insert');
  await corner(5).waitFor();
  await page.keyboard.press('Delete');
  await expect.poll(() => corner(5).count()).toBe(0);
  await page.keyboard.press('Control+z');
  await corner(5).waitFor();
  await page.keyboard.press('Control+z');
  await expect.poll(() => corner(5).count()).toBe(0);
  await page.getByText('改后不计').locator('b').getByText('12').waitFor();
  await page.getByRole('button', { name: '+ 隐私遮挡' }).click();
  const mask = page.getByRole('button', { name: '隐私遮挡 第 3 点', exact: false });
  const from = await mask.boundingBox();
  if (from === null) throw new Error('no corner');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 120, from.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.getByRole('button', { name: '+ 其他功能区' }).click();
  await page.getByRole('button', { name: '+ 一米线' }).click();
  await picture(page, 'onboard-draw-1440');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: '保存画区' }).click();
  await page.getByText('已保存', { exact: true }).waitFor();
  const drawn = await db
    .selectFrom('camera')
    .selectAll()
    .where('id', '=', added.id)
    .executeTakeFirstOrThrow();
  expect(drawn.ignore_areas).toEqual([
    [
      [0.1, 0.4],
      [0.6, 0.4],
      [0.6, 0.6],
      [0.1, 0.6],
    ],
  ]);
  expect(drawn.zone_areas).toHaveLength(1);
  const [, , dragged] = drawn.privacy_masks[0] as [number, number][];
  expect(dragged?.[0]).toBeGreaterThan(0.65);

  // Rules: what a higher score would have done.
  await page.getByRole('button', { name: '看规则效果' }).click();
  const score = page.getByLabel('最低可信度').first();
  await score.focus();
  for (let i = 0; i < 30; i += 1) await page.keyboard.press('ArrowRight');
  await page.getByText('80%').first().waitFor();
  await page
    .getByText(/次巡看的结果会变|改后不计/)
    .first()
    .waitFor();
  await picture(page, 'onboard-rules-1440');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: '保存', exact: true }).click();
  await page.getByText('已保存', { exact: true }).waitFor();
  expect(
    (await db.selectFrom('camera').select('min_scores').where('id', '=', added.id).executeTakeFirstOrThrow())
      .min_scores,
  ).toEqual({ no_hat: 0.8 });

  // Signs and staff: who and when, with a photo.
  await page.getByRole('button', { name: '去登记告知' }).click();
  const sign = page.getByRole('form', { name: '告知标识已张贴' });
  await sign.getByLabel('说明（可选）').fill('后厨入口右侧');
  await sign
    .getByLabel('照片（可选）')
    .setInputFiles({ name: 'sign.jpg', mimeType: 'image/jpeg', buffer: (await sceneFrame(3, 0)).jpeg });
  await sign.getByRole('button', { name: '登记' }).click();
  await sign.getByText('已登记').waitFor();
  await sign.getByRole('img', { name: '告知照片' }).waitFor();
  await page.getByRole('form', { name: '从业人员已告知' }).getByRole('button', { name: '登记' }).click();
  await page.getByRole('form', { name: '从业人员已告知' }).getByText('已登记').waitFor();
  await picture(page, 'onboard-notice-1440');
  expect(await axeFaults(page)).toEqual([]);

  // Nothing that was answered or written down holds the password.
  const audit = await db.selectFrom('history_change').select(['before', 'after']).execute();
  const shown = await page.evaluate(`fetch('/api/v1/cameras/${added.id}').then((r) => r.text())`);
  for (const text of [JSON.stringify(audit), String(shown)]) {
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(encodeURIComponent(PASSWORD));
  }
  expect(complaintsOf(page)).toEqual([]);
}, 120_000);

test('a file is looked at line by line before anything is written', async () => {
  const { db } = stack();
  const page = await stack().open({ path: '/cameras/new?by=file' });
  await signIn(page, 'operator');
  const header = 'region,merchant,zone,camera,camera_name,source,rtsp_url,privacy_masks,min_score_no_hat';
  const good =
    'huojia,wang,z1,wang-file1,切配1号,rtsp,rtsp://admin:geheim@192.168.3.4/1,"[[0.7,0,1,0.3]]",0.6';
  const upload = async (rows: string[]): Promise<void> => {
    await page.getByLabel('选择文件').setInputFiles({
      name: 'cameras.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\uFEFF${[header, ...rows].join('\r\n')}\r\n`),
    });
  };
  await upload([
    good,
    'huojia,nobody,z1,wang-file2,切配2号,rtsp,rtsp://192.168.3.5/1,,',
    'huojia,wang,z9,wang-file3,切配3号,rtsp,,,',
  ]);
  await page.getByText('没有导入任何内容').waitFor();
  await page.getByText('没有编号为 "nobody" 的').waitFor();
  await page.getByText('该主体没有编号为 "z9" 的功能区').waitFor();
  await page.getByText('未填写：RTSP 摄像头须填写取流地址').waitFor();
  expect(await page.getByText('geheim').count()).toBe(0);
  await picture(page, 'onboard-file-wrong-1440');
  expect(await axeFaults(page)).toEqual([]);
  const known = () =>
    db.selectFrom('camera').select(['code', 'awaits_approval']).where('code', 'like', 'wang-file%').execute();
  expect(await known()).toEqual([]);

  // Saved as "CSV" in a Chinese Windows: the preview and the trial read it as the bytes say.
  const [before = '', after = ''] = good.split('切配1号');
  await page.getByLabel('选择文件').setInputFiles({
    name: 'gbk.csv',
    mimeType: 'text/csv',
    buffer: Buffer.concat([
      Buffer.from(`${header}\r\n${before}`),
      Buffer.from('c7d0c5e431bac5', 'hex'),
      Buffer.from(`${after}\r\n`),
    ]),
  });
  await page.getByText('切配1号').waitFor();
  await page.getByRole('button', { name: '导入 1 项变动' }).waitFor();

  await upload([good]);
  const drawn = page.getByRole('table', { name: '画面标注与阈值的变动' });
  await drawn.getByRole('cell', { name: '未戴帽 0.6' }).waitFor();
  await picture(page, 'onboard-file-drawn-1440');
  await page.getByRole('button', { name: '导入 1 项变动' }).click();
  await page.getByText('已导入').waitFor();
  expect(await known()).toEqual([{ code: 'wang-file1', awaits_approval: true }]);
  await page.getByRole('link', { name: '去核准首帧' }).click();
  await page.getByText('切配1号').waitFor();
  await page.getByText('待核准首帧').first().waitFor();
  await picture(page, 'onboard-awaiting-1440');
  expect(complaintsOf(page)).toEqual([]);
}, 60_000);

test('cameras of a network are found by ONVIF, chosen and added together', async () => {
  const { db } = stack();
  const fakes = [
    await startFakeCamera({ address: '127.0.0.41', clockAheadMs: 60_000 }),
    await startFakeCamera({ address: '127.0.0.42' }),
    await startFakeCamera({ address: '127.0.0.43', password: 'another' }),
    await startFakeCamera({ address: '127.0.0.44', channels: 4 }),
  ];
  try {
    const page = await stack().open({ path: '/cameras/new?by=search' });
    await signIn(page, 'operator');
    await chooseMerchant(page, '老王家常菜馆（同盟大道店）');
    await page.getByLabel('功能区', { exact: true }).selectOption('z1');
    await page.getByLabel('要搜索的网段').fill('8.8.8.0/24');
    await page.getByLabel('用户名').fill('admin');
    await page.getByLabel('密码', { exact: true }).fill('secret');
    await page.getByRole('button', { name: '开始搜索' }).click();
    await page.getByText('不是内网网段').waitFor();
    await page.getByLabel('要搜索的网段').fill('127.0.0.40/29');
    await page.getByRole('button', { name: '开始搜索' }).click();
    await page.getByText('找到 4 台设备').waitFor({ timeout: 20_000 });
    await page.getByText('用户名或密码错误，取不到码流地址').waitFor();
    await page.getByLabel('127.0.0.41 的名称').fill('切配间东');
    await picture(page, 'onboard-search-1440');
    expect(await axeFaults(page)).toEqual([]);
    await page.getByLabel('127.0.0.44 通道3 的名称').fill('洗消间');
    await page.getByRole('checkbox', { name: '选择 127.0.0.44 通道2' }).uncheck();
    await page.getByRole('button', { name: '添加所选 5 路' }).click();
    await page.getByRole('link', { name: '切配间东 →' }).waitFor();
    await page.getByRole('link', { name: '逐路核准首帧' }).waitFor();
    const rows = await db
      .selectFrom('camera')
      .select(['name', 'awaits_approval', 'rtsp_url_sealed', 'rtsp_sub_url_sealed'])
      .where('code', 'in', ['wang-127-0-0-41', 'wang-127-0-0-42'])
      .orderBy('code')
      .execute();
    const { sealer } = stack().api.context;
    expect(rows.map(({ name, awaits_approval }) => [name, awaits_approval])).toEqual([
      ['切配间东', true],
      ['摄像头2', true],
    ]);
    expect(sealer.open(rows[0]?.rtsp_url_sealed ?? Buffer.alloc(0))).toBe(
      'rtsp://admin:secret@127.0.0.41/Streaming/Channels/101?a=1&b=2',
    );
    expect(sealer.open(rows[0]?.rtsp_sub_url_sealed ?? Buffer.alloc(0))).toBe(
      'rtsp://admin:secret@127.0.0.41/Streaming/Channels/102',
    );

    // Of a recorder every channel is a camera, with both streams of that channel.
    const recorder = await db
      .selectFrom('camera')
      .select(['code', 'name', 'rtsp_url_sealed', 'rtsp_sub_url_sealed'])
      .where('code', 'like', 'wang-127-0-0-44%')
      .orderBy('code')
      .execute();
    const channelIn = (sealed: Buffer | null) =>
      /Channels\/(\d+)/.exec(sealer.open(sealed ?? Buffer.alloc(0)))?.[1];
    expect(
      recorder.map((row) => [
        row.code,
        row.name,
        channelIn(row.rtsp_url_sealed),
        channelIn(row.rtsp_sub_url_sealed),
      ]),
    ).toEqual([
      ['wang-127-0-0-44-1', '摄像头4', '101', '102'],
      ['wang-127-0-0-44-3', '洗消间', '301', '302'],
      ['wang-127-0-0-44-4', '摄像头7', '401', '402'],
    ]);

    // Searched again: what is there already is told, and only the rest can be chosen.
    await page.getByRole('button', { name: '开始搜索' }).click();
    await page.getByText('已接入：wang-127-0-0-44-3').waitFor({ timeout: 20_000 });
    expect(await page.getByRole('checkbox', { name: '选择 127.0.0.44 通道2' }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: '选择 127.0.0.44 通道3' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: '添加所选 1 路' }).waitFor();
    await picture(page, 'onboard-search-again-1440');
    expect(await axeFaults(page)).toEqual([]);
    expect(complaintsOf(page)).toEqual([]);
  } finally {
    for (const fake of fakes) await fake.close();
  }
}, 60_000);

test('sent back because a private place is in the picture: switched off at once, and on again from there; dark, at 1920 px', async () => {
  const { id } = await cameraOf('middle-school-cold1');
  const page = await stack().open({
    width: 1920,
    height: 1080,
    dark: true,
    path: `/cameras/${id}/setup?step=picture&test=now`,
  });
  await signIn(page, 'operator');
  const decline = page.getByRole('button', { name: '不核准' });
  await decline.waitFor({ timeout: 30_000 });
  // Masks stay when the picture is another: whoever approves it sees where they lie in it.
  const { privacyMasks } = await stack()
    .db.selectFrom('camera')
    .select('privacy_masks as privacyMasks')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(privacyMasks.length).toBeGreaterThan(0);
  expect(await page.locator('.probe-picture .draw-privacy').count()).toBe(privacyMasks.length);
  await page.getByText(`画面上标出了已画的 ${privacyMasks.length} 处隐私遮挡`).waitFor();
  await decline.click();
  await page.getByLabel('不核准的原因').selectOption('private_place');
  await page.getByText('退回后这一路立即停用。').waitFor();
  await picture(page, 'onboard-decline-1920-dark');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('button', { name: '退回', exact: true }).click();
  await page.getByText('已停用', { exact: true }).waitFor();
  await page.getByText('退回了首帧：拍到私密场所').waitFor();
  expect(await cameraOf('middle-school-cold1')).toMatchObject({ awaits_approval: true, enabled: false });
  await page.getByRole('link', { name: /连接/ }).click();
  await page.getByRole('button', { name: '重新启用' }).click();
  await page.getByText('待核准首帧').waitFor();
  await page.getByRole('link', { name: /画区/ }).click();
  await page.getByText('对最近 12 次有检出的巡看的影响').waitFor();
  await picture(page, 'onboard-draw-1920-dark');
  expect(await axeFaults(page)).toEqual([]);
  await page.getByRole('link', { name: /规则效果/ }).click();
  await page.getByLabel('最低可信度').first().waitFor();
  expect(await axeFaults(page)).toEqual([]);
  expect(complaintsOf(page)).toEqual([]);
}, 90_000);

test('fits 390 px, in both languages', async () => {
  const page = await stack().open({ width: 390, height: 844, path: '/cameras/new' });
  await signIn(page, 'operator');
  await page.getByRole('heading', { name: '添加摄像头', level: 1 }).waitFor();
  await picture(page, 'onboard-add-390');
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  const { id } = await cameraOf('middle-school-cold1');
  for (const by of ['search', 'file']) {
    await page.goto(`${stack().url}/cameras/new?by=${by}`);
    await page.getByRole('heading', { name: '添加摄像头', level: 1 }).waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
    expect(await axeFaults(page)).toEqual([]);
  }
  for (const step of ['connect', 'picture', 'draw', 'rules', 'notice']) {
    await page.goto(`${stack().url}/cameras/${id}/setup?step=${step}`);
    await page.getByRole('heading', { name: '凉菜专间1号' }).waitFor();
    if (step === 'draw') await page.getByRole('button', { name: /1\. 忽略区/ }).click();
    await picture(page, `onboard-${step}-390`);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
    expect(await axeFaults(page)).toEqual([]);
  }
  await page.getByRole('button', { name: '切换语言' }).click();
  await page.getByText('Sign is up').waitFor();
  for (const step of ['draw', 'rules', 'picture']) {
    await page.goto(`${stack().url}/cameras/${id}/setup?step=${step}`);
    await page.getByRole('heading', { name: '凉菜专间1号' }).waitFor();
    expect(await axeFaults(page)).toEqual([]);
  }
  expect(complaintsOf(page)).toEqual([]);
}, 90_000);
