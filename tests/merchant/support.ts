/** A school canteen with its people, the bureau, and tasks on demand: over the real API and database. */
import { confirmFinding } from '../../services/db/verdicts.ts';
import { type Api, as, type Call } from '../api/support.ts';
import { type SeededCamera, seedFinding, seedMerchant, seedRegion, type World } from '../web/support/seed.ts';

export interface Kitchen {
  world: World;
  merchantId: string;
  cameras: SeededCamera[];
  regionId: string;
  owner: Call;
  officer: Call;
  director: Call;
  inspector: Call;
  /** @param ageS seconds before now that it was seen @returns the task's id */
  task(camera: number, ageS: number): Promise<string>;
}

export async function addKitchen(api: Api, type = 'school_canteen'): Promise<Kitchen> {
  const { db, store } = api.context;
  const world: World = { db, store, now: api.clock.now };
  const regionId = await seedRegion(world);
  const { cameras } = await seedMerchant(world, regionId, 'no1', '第一小学食堂', [
    ['cooking', '热加工间'],
    ['special_room', '专间'],
    ['cutting', '切配间'],
  ]);
  const { id: merchantId } = await db
    .updateTable('merchant')
    .set({ type, created_at: new Date('2026-09-01T00:00:00Z') })
    .where('code', '=', 'no1')
    .returning('id')
    .executeTakeFirstOrThrow();
  const [owner, officer, director, inspector] = [
    await as(api, 'owner', 'merchant', { merchantId }),
    await as(api, 'officer', 'food_safety_officer', { merchantId }),
    await as(api, 'director', 'director', { regionId }),
    await as(api, 'inspector', 'inspector', { regionId }),
  ];
  const { id: actorId } = await db
    .selectFrom('account')
    .select('id')
    .where('username', '=', 'inspector')
    .executeTakeFirstOrThrow();
  return {
    world,
    merchantId,
    cameras,
    regionId,
    owner,
    officer,
    director,
    inspector,
    async task(camera, ageS) {
      const seeded = cameras[camera];
      if (seeded === undefined) throw new Error('no such camera');
      const findingId = await seedFinding(world, { camera: seeded, photograph: 3, ageS });
      const order = { findingId, actorId, version: undefined, note: '' };
      const judged = await confirmFinding(db, order, api.clock.now());
      if (!judged.done || judged.taskId === null) throw new Error('no task was issued');
      return judged.taskId;
    },
  };
}
