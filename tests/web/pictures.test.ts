/** The pages as people see them. The pictures go to tests/.output/ to be looked at; the test says that they fit. */
import { expect, test } from 'vitest';
import { markCoverage } from '../../services/db/coverage.ts';
import { confirmFinding } from '../../services/db/verdicts.ts';
import type { CoverageCode } from '../../services/domain/coverage.ts';
import {
  type SeededCamera,
  seedFinding,
  seedMerchant,
  seedRefusals,
  seedRegion,
  seedStatus,
  type World,
} from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

const MINUTE_S = 60;

async function seedCoverage({ db, now }: World, camera: SeededCamera): Promise<void> {
  const letters: CoverageCode[] = ['C', 'L', 'L', 'U', 'L', 'O', 'L', 'L', 'D', 'L', 'F', 'L', 'U', 'L'];
  const marks = Array.from({ length: 600 }, (_, minute) => ({
    cameraId: camera.id,
    at: new Date(now().getTime() - minute * MINUTE_S * 1000),
    code: letters[Math.floor(minute / 43) % letters.length] ?? 'L',
  }));
  await markCoverage(db, marks);
}

async function seedCounty(world: World): Promise<void> {
  const region = await seedRegion(world);
  const school = await seedMerchant(world, region, 'no1-school', '获嘉县第一初级中学食堂', [
    ['cooking', '热加工间'],
    ['special_room', '凉菜专间'],
    ['washing', '洗消间'],
    ['cutting', '切配间'],
  ]);
  const restaurant = await seedMerchant(world, region, 'laowang', '老王家常菜馆（同盟大道店）', [
    ['cooking', '后厨灶台'],
    ['storage', '库房'],
  ]);
  const cameras = [...school.cameras, ...restaurant.cameras];
  const states = ['online', 'online', 'frozen', 'offline', 'online', 'closed'] as const;
  const causes = ['', '', 'same picture for 5 min', 'wrong user or password', '', ''];
  for (const [i, camera] of cameras.entries()) {
    const shown =
      i === 5 ? undefined : { photograph: [6, 3, 4, 1, 3, 4][i] ?? 1, ageS: i === 3 ? 7200 : 12 + i };
    await seedStatus(world, camera, states[i] ?? 'online', causes[i] ?? '', shown);
    await seedCoverage(world, camera);
  }
  await seedRefusals(world, school.gatewayId);
  const photographs = [6, 3, 4, 1];
  for (let i = 0; i < 14; i += 1) {
    const camera = cameras[i % cameras.length];
    if (camera === undefined) continue;
    const kind = i % 5 === 4 ? ('no_mask' as const) : ('no_hat' as const);
    const ageS = (i * 37 + 4) * MINUTE_S;
    const photograph = photographs[i % 4] ?? 6;
    const id = await seedFinding(world, { camera, kind, photograph, ageS });
    if (i === 0) await seedFinding(world, { camera, kind, photograph: 3, ageS: ageS - 120 });
    if (i < 11) continue;
    const actorId = (await world.db.selectFrom('account').select('id').executeTakeFirstOrThrow()).id;
    const issued = i === 13 ? new Date(world.now().getTime() - 5 * 3600 * 1000) : world.now();
    await confirmFinding(world.db, { findingId: id, actorId, version: undefined, note: '' }, issued);
  }
}

const stack = useStack(seedCounty);

const SIZES = [
  { name: '1440', width: 1440, height: 900 },
  { name: '1024', width: 1024, height: 768 },
  { name: '390', width: 390, height: 844 },
  { name: '1920-dark', width: 1920, height: 1080, dark: true },
];

for (const size of SIZES) {
  test(`every page fits ${size.name} px`, async () => {
    const page = await stack().open(size);
    await page.getByRole('button', { name: '登录' }).waitFor();
    await picture(page, `sign-in-${size.name}`);
    await signIn(page);
    await page.getByRole('list', { name: '线索列表' }).waitFor();
    await picture(page, `findings-${size.name}`);
    const widths: Record<string, number> = {};
    const measure = async (name: string): Promise<void> => {
      widths[name] = await page.evaluate<number>('document.documentElement.scrollWidth');
    };
    await measure('findings');
    if (size.width < 760)
      await page.getByRole('list', { name: '线索列表' }).getByRole('link').first().click();
    await page.getByTestId('boxes').waitFor();
    await picture(page, `finding-${size.name}`);
    await measure('finding');
    await page.keyboard.press('n');
    await page.getByRole('group', { name: '排除原因' }).waitFor();
    await picture(page, `dismiss-${size.name}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('z');
    await picture(page, `zoom-${size.name}`);
    for (const [name, link] of [
      ['cameras', '摄像头'],
      ['tasks', '整改任务'],
      ['gateways', '网关'],
    ] as const) {
      const section = page.getByRole('navigation').getByRole('link', { name: link });
      // On a phone what does not fit under the thumb lies behind one more.
      if (!(await section.isVisible())) await page.getByRole('button', { name: '更多' }).click();
      await section.click();
      await page.getByRole('heading', { name: link, level: 1 }).waitFor();
      await page.locator('.camera, .tasks, .gateway').first().waitFor();
      if (name === 'gateways') await page.locator('summary').first().click();
      if (name === 'gateways') await page.getByText('消息过大').waitFor();
      await picture(page, `${name}-${size.name}`);
      await measure(name);
    }
    await page.goto(`${stack().url}/cameras`);
    await page.locator('.camera').first().click();
    await page.getByRole('region', { name: '今日有效观察' }).waitFor();
    await picture(page, `camera-${size.name}`);
    expect(complaintsOf(page)).toEqual([]);
    expect(widths).toEqual({
      findings: size.width,
      finding: size.width,
      cameras: size.width,
      tasks: size.width,
      gateways: size.width,
    });
  });
}
