/** A county's thousands: what stands behind the first page of a list is still there, to be seen, chosen and done. */
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { confirmFinding } from '../../services/db/verdicts.ts';
import { addAccount } from '../api/support.ts';
import { seedFinding, seedMerchant, seedRegion, type World } from './support/seed.ts';
import { complaintsOf, picture, signIn, useStack } from './support/stack.ts';

/** More than the API gives at once. */
const MANY = 230;
const DAY_MS = 86_400_000;

let regionId = '';
const stack = useStack(async (world) => {
  regionId = await seedRegion(world);
  await sql`insert into merchant (code, region_id, name, type)
    select 'm' || lpad(n::text, 4, '0'), ${regionId}, '饭店' || n, 'restaurant' from generate_series(1, ${MANY}) as n`.execute(
    world.db,
  );
  await sql`insert into gateway (code, region_id, merchant_id, name, secret_hash)
    select code || '-gw', region_id, id, name || '网关', 'none' from merchant`.execute(world.db);
  const { cameras } = await seedMerchant(world, regionId, 'zhongxin', '中心小学食堂', [
    ['cooking', '热加工间'],
  ]);
  const [camera] = cameras;
  if (camera === undefined) throw new Error('no camera');
  const findingId = await seedFinding(world, { camera, photograph: 3, ageS: 30 * 86_400, frames: 2 });
  const at = new Date(world.now().getTime() - 30 * DAY_MS);
  await confirmFinding(world.db, { findingId, actorId: null, version: undefined, note: '' }, at);
  await closedSince(world);
});

/** Tasks of the same merchant that came after its only overdue one, and are over. */
async function closedSince({ db }: World): Promise<void> {
  await sql`with later as (
      insert into finding (fingerprint, camera_id, zone_id, merchant_id, region_id, kind, class, state, first_seen, last_seen, score, rule,
        models)
      select 'later ' || n, camera_id, zone_id, merchant_id, region_id, kind, class, 'confirmed', now() - make_interval(hours => n),
        now() - make_interval(hours => n), score, rule, models
      from finding, generate_series(1, ${MANY}) as n returning *
    )
    insert into task (number, finding_id, merchant_id, region_id, zone_id, kind, class, state, issued_at, closed_at, acknowledge_due,
      submit_due, limits, policy_sha256)
    select later.fingerprint, later.id, later.merchant_id, later.region_id, later.zone_id, later.kind, later.class, 'closed',
      later.first_seen, now(), now(), now(), task.limits, task.policy_sha256
    from later, task`.execute(db);
}

beforeAll(async () => {
  const { api, db } = stack();
  await sql`insert into account (username, display_name, role, password_hash, merchant_id)
    select code, name, 'merchant', 'none', id from merchant where code like 'm0%'`.execute(db);
  await addAccount(api, 'operator', 'operator');
  await addAccount(api, 'platform-city', 'platform');
  const merchant = await db
    .selectFrom('merchant')
    .select('id')
    .where('code', '=', 'zhongxin')
    .executeTakeFirstOrThrow();
  await addAccount(api, 'owner', 'merchant', { merchantId: merchant.id });
  await addAccount(api, 'director', 'director');
  await sql`insert into camera (code, merchant_id, zone_id, name, source, rtsp_url_sealed, created_at)
    select 'late-' || n, merchant_id, zone.id, '灶台' || n, 'rtsp', 'x', now() - interval '200 days'
    from zone, generate_series(1, ${MANY}) as n`.execute(db);
  const account_id = await addAccount(api, 'cadre', 'cadre', { regionId });
  const since = new Date(Date.now() - 200 * DAY_MS);
  await sql`insert into cadre_merchant (account_id, merchant_id, level, since)
    select ${await addAccount(api, 'other-cadre', 'cadre', { regionId })}, id, 'C', ${since} from merchant where code like 'm0%'`.execute(
    db,
  );
  await db
    .insertInto('cadre_merchant')
    .values({ account_id, merchant_id: merchant.id, level: 'B', since })
    .execute();
});

const opened = async (username: string, path: string) => {
  const page = await stack().open({ path });
  await signIn(page, username);
  return page;
};

test('the account of a platform, behind those of hundreds of merchants', async () => {
  const page = await opened('operator', '/settings/platforms');
  await page.getByRole('heading', { name: 'platform-city' }).waitFor();
  expect(await page.getByRole('heading', { name: /^m0/ }).count()).toBe(0);
  expect(complaintsOf(page)).toEqual([]);
});

test('the gateway of a merchant, behind those of hundreds of others', async () => {
  const page = await opened('operator', '/cameras/new');
  await page.getByLabel('经营主体', { exact: true }).fill('中心小学');
  await page.getByRole('option', { name: /中心小学食堂/ }).click();
  await page.getByRole('button', { name: 'MQTT 网关（盒子推图）' }).click();
  const choice = page.getByLabel('网关', { exact: true });
  await choice.locator('option[value="zhongxin-gw"]').waitFor({ state: 'attached' });
  // The one to choose, and the word that asks for it.
  expect(await choice.locator('option').count()).toBe(2);
  // Of many that fit, the picker says that it shows a part.
  await page.getByLabel('经营主体', { exact: true }).fill('饭店');
  await page.getByText('还有更多，请再多输入几个字').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('what is wrong with a file of hundreds of wrong lines: all is counted, and it is said that a part is listed', async () => {
  const page = await opened('operator', '/cameras/new');
  await page.getByRole('button', { name: '文件导入' }).click();
  const lines = Array.from({ length: 600 }, (_, n) => `huojia,nobody,z1,cam-${n},rtsp://192.0.2.1/${n}`);
  const csv = `region,merchant,zone,camera,rtsp_url\n${lines.join('\n')}\n`;
  await page
    .getByLabel('选择文件')
    .setInputFiles({ name: '600.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByText('有 600 处不对，没有导入任何内容 下面列出前 500 处。').waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('what the merchant still owes, behind hundreds of tasks that are over', async () => {
  const page = await opened('owner', '/today');
  await page.getByRole('heading', { name: '现在要办的 1 件' }).waitFor();
  expect(await page.getByText('没有要办的事').count()).toBe(0);
  expect(complaintsOf(page)).toEqual([]);
});

test('what is overdue at a merchant of the cadre, behind hundreds of tasks that are over', async () => {
  const page = await opened('cadre', '/cadre');
  await page.getByRole('heading', { name: '逾期未整改 1 件' }).waitFor();
  await page.getByRole('button', { name: '移送线索' }).waitFor();
  expect(complaintsOf(page)).toEqual([]);
});

test('the cameras behind a number of the director, and merchants still owed a visit: all of them', async () => {
  const page = await opened('director', '/overview');
  const cameras = page
    .getByRole('table')
    .first()
    .getByRole('link', { name: /摄像头 230$/ });
  await cameras.click();
  const list = page.getByRole('list', { name: '清单' });
  await list.waitFor();
  await picture(page, 'director-cameras-1440');
  const more = page.getByRole('button', { name: '加载更多' });
  for (const count of [100, 200, MANY]) {
    await list
      .getByRole('listitem')
      .nth(count - 1)
      .waitFor();
    expect(await list.getByRole('listitem').count()).toBe(count);
    if (count < MANY) await more.click();
  }
  expect(await more.count()).toBe(0);
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });
  const owed = page.locator('.director-owed').filter({ hasText: '尚未完成督导' });
  await owed.getByText('尚未完成督导的主体 231 家').click();
  for (const count of [50, 100, 150, 200, MANY + 1]) {
    await owed
      .getByRole('listitem')
      .nth(count - 1)
      .waitFor();
    expect(await owed.getByRole('listitem').count()).toBe(count);
    if (count <= MANY) await owed.getByRole('button', { name: '加载更多' }).click();
  }
  expect(await owed.getByText('下载文件').count()).toBe(0);
  expect(complaintsOf(page)).toEqual([]);
});
