/** What people see of device tickets. The pictures go to tests/.output/ to be looked at. */
import { expect, test } from 'vitest';
import { openFault } from '../../services/db/camera-faults.ts';
import { markCoverage } from '../../services/db/coverage.ts';
import { addAccount, PASSWORD } from '../api/support.ts';
import { seedMerchant, seedRegion, seedStatus, type World } from '../web/support/seed.ts';
import { complaintsOf, picture, useStack } from '../web/support/stack.ts';

const MINUTE_MS = 60_000;

const stack = useStack(async (world: World) => {
  const region = await seedRegion(world);
  const { cameras, gatewayId } = await seedMerchant(world, region, 'no1-school', '获嘉县第一初级中学食堂', [
    ['cooking', '热加工间'],
    ['special_room', '凉菜专间'],
    ['washing', '洗消间'],
    ['cutting', '切配间'],
  ]);
  const at = (minutes: number): Date => new Date(world.now().getTime() - minutes * MINUTE_MS);
  const faults = [
    { kind: 'covered', cause: 'the lens is covered', mutedBy: null },
    { kind: 'moved', cause: 'the camera looks elsewhere than approved', mutedBy: null },
    { kind: 'offline', cause: 'the gateway is offline', mutedBy: gatewayId },
  ] as const;
  for (const [i, camera] of cameras.entries()) {
    const fault = faults[i];
    const offline = fault?.kind === 'offline';
    await seedStatus(world, camera, offline ? 'offline' : 'online', offline ? fault.cause : '', {
      photograph: [6, 3, 4, 1][i] ?? 1,
      ageS: offline ? 3600 : 12,
    });
    if (fault !== undefined) {
      await openFault(world.db, camera, { ...fault, since: at(47 + i), detail: {} }, world.now());
    }
    const marks = Array.from({ length: 300 }, (_, minute) => ({
      cameraId: camera.id,
      at: at(minute),
      code: i === 0 && minute < 47 ? ('X' as const) : ('L' as const),
    }));
    await markCoverage(world.db, marks);
  }
  const clock = { kind: 'clock', cause: "the device's clock is 185 s behind", mutedBy: null } as const;
  const [first] = cameras;
  if (first !== undefined) {
    await openFault(world.db, first, { ...clock, since: at(20), detail: { offsetS: 185 } }, world.now());
  }
});

for (const size of [
  { name: '1440', width: 1440, height: 1000 },
  { name: '390', width: 390, height: 844 },
]) {
  test(`faults on cards, the filter, tickets and the approved picture at ${size.name} px`, async () => {
    const username = `operator${size.name}`;
    await addAccount(stack().api, username, 'operator');
    const page = await stack().open({ ...size, path: '/cameras' });
    await page.getByLabel('用户名').fill(username);
    await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: '登录' }).click();
    await page.locator('.camera').first().waitFor();
    await expect.poll(() => page.locator('.camera').count()).toBe(4);
    // Looking at what a camera shows now asks for a purpose.
    await page.getByRole('button', { name: '开始查看' }).click();
    await page.locator('.camera img').first().waitFor();
    await picture(page, `faults-cards-${size.name}`);
    await page.getByRole('button', { name: '有故障' }).click();
    await expect.poll(() => page.locator('.camera').count()).toBe(3);
    await page.locator('.camera', { hasText: '镜头被遮挡' }).click();
    const tickets = page.getByRole('region', { name: '故障工单' });
    await tickets.getByText('设备时钟慢 185 秒').waitFor();
    await tickets.getByRole('button', { name: '我来处理' }).first().click();
    await tickets.getByText('已有人处理').waitFor();
    await page.getByRole('button', { name: '把当前画面设为基准' }).click();
    await page.getByText(`由 ${username} 确认`).waitFor();
    await page.getByRole('listitem').getByText('看不清').waitFor();
    await picture(page, `faults-drawer-${size.name}`);
    await page.getByRole('region', { name: '基准画面' }).scrollIntoViewIfNeeded();
    await picture(page, `faults-reference-${size.name}`);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
    expect(complaintsOf(page)).toEqual([]);
    // The next size finds it as it was.
    const { db } = stack().api.context;
    await db.updateTable('camera_fault').set({ acknowledged_at: null, acknowledged_by: null }).execute();
    await db.deleteFrom('camera_reference').execute();
  });
}
