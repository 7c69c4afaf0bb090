/** A county with something amiss, a relay and a platform: what an operator looks at. */

import { symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { readServiceConfig } from '../../../services/config/config.ts';
import { keepDiskSample } from '../../../services/db/disk-samples.ts';
import { startBeating } from '../../../services/db/process-beats.ts';
import { PROCESSES } from '../../../services/domain/processes.ts';
import type { ZoneKind } from '../../../services/domain/words.ts';
import { type OutboxRelay, startOutbox } from '../../../workers/outbox/context.ts';
import { addAccount } from '../../api/support.ts';
import { type Platform, startPlatform } from '../../platforms/support/platform.ts';
import { seedFinding, seedMerchant, seedRefusals, seedRegion, seedStatus, type World } from './seed.ts';
import { picture, type Stack, signIn, useStack } from './stack.ts';

const ZONES: [ZoneKind, string][] = [
  ['cooking', '热加工间'],
  ['special_room', '凉菜专间'],
  ['washing', '洗消间'],
];
const KITCHENS = ['第一初级中学食堂', '老王家常菜馆', '阳光幼儿园食堂', '县医院职工食堂'];

const MODELS = fileURLToPath(new URL('../../../models', import.meta.url));

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

export interface Operation {
  stack(): Stack;
  platform(): Platform;
  /** A page of the operator, signed in. */
  open(options: Parameters<Stack['open']>[0]): Promise<Page>;
}

/** For the top of a test file. */
export function useOperation(): Operation {
  const stack = useStack(seed);
  const beating: { close(): Promise<void> }[] = [];
  let platform: Platform | undefined;
  let relay: OutboxRelay | undefined;
  beforeAll(async () => {
    platform = await startPlatform();
    const { api, db } = stack();
    // The models of this checkout, as a service has them.
    await symlink(MODELS, api.context.config.modelsDir);
    for (const name of PROCESSES) beating.push(startBeating(db, name));
    relay = startOutbox(
      readServiceConfig({
        DATABASE_URL: api.databaseUrl,
        MQTT_URL: 'mqtt://127.0.0.1:9',
        OBJECT_STORE_URL: `file://${api.folder}`,
        MINGZAO_SECRET_KEY: api.context.config.secretKey.toString('hex'),
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
  return {
    stack,
    platform() {
      if (platform === undefined) throw new Error('the platform exists only from beforeAll on');
      return platform;
    },
    async open(options) {
      const page = await stack().open(options);
      await signIn(page, 'yunwei');
      return page;
    },
  };
}

/** All of a page that scrolls inside. */
export async function whole(page: Page, name: string): Promise<void> {
  const before = page.viewportSize() ?? { width: 1440, height: 900 };
  const height = await page.evaluate('document.querySelector(".page").scrollHeight + 60');
  await page.setViewportSize({ ...before, height: Number(height) });
  await picture(page, name);
  await page.setViewportSize(before);
}
