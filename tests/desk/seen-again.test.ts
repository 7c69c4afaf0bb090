/** Further looks at the place of a finding that is over: nothing that people ought to hear of is swallowed. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mergeFindings } from '../../services/db/finding-merge.ts';
import { recordFindings } from '../../services/db/findings.ts';
import { acceptLook } from '../../services/db/looks.ts';
import { loadCamera } from '../../services/db/registry.ts';
import { runTaskOrder, type TaskOrder } from '../../services/db/task-life.ts';
import { confirmFinding, dismissFinding } from '../../services/db/verdicts.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import { addAccount, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a finding that is over', () => {
  const api = useApi();
  let world: World;
  let inspector: string;
  let merchant: string;
  let night: Date;

  beforeAll(async () => {
    world = await addWorld(api());
    inspector = await addAccount(api(), 'inspector', 'inspector');
    merchant = await addAccount(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
  });

  beforeEach(() => {
    api().clock.move(48 * HOUR);
    night = api().clock.now();
  });

  /** A look `minutes` after the first, judged when it was taken unless it waited in a gateway's buffer. */
  async function see(
    kind: ViolationKind,
    minutes: number,
    { score = 0.8, zoneIds = [undefined], buffered = false }: Options = {},
  ): Promise<string[]> {
    const { db, store } = api().context;
    const at = new Date(night.getTime() + minutes * MINUTE);
    if (!buffered) api().clock.move(at.getTime() - api().clock.now().getTime());
    const camera = await loadCamera(db, world.eastCamera);
    const rule = STARTING_RULES.find((one) => one.kind === kind);
    if (camera === undefined || rule === undefined) throw new Error('no camera or rule');
    const lookId = randomUUID();
    const key = `evidence/${lookId}/0.jpg`;
    await store.put(key, Buffer.from(lookId));
    const stored = { key, sha256: 'ab'.repeat(32), bytes: 36, at: at.toISOString(), width: 640, height: 360 };
    const look = { id: lookId, cameraId: world.eastCamera, source: 'mqtt', capturedAt: at } as const;
    await acceptLook(db, { ...look, frames: [stored], gathering: false }, at);
    const confirmed = zoneIds.map((id) => ({
      rule,
      score,
      ...(id === undefined ? {} : { zone: { id, kind: 'special_room' as const } }),
    }));
    const recorded = await recordFindings(
      db,
      {
        lookId,
        camera,
        capturedAt: at,
        frames: [{ stored, detections: [] }],
        clip: null,
        models: [{ name: 'heads', version: '0.1.0', sha256: 'ab' }],
        confirmed,
      },
      api().clock.now(),
    );
    return (recorded ?? []).map(({ id }) => id);
  }
  interface Options {
    score?: number;
    zoneIds?: (string | undefined)[];
    buffered?: boolean;
  }

  const alertsOf = async (findingId: string): Promise<number> => {
    const rows = await api()
      .context.db.selectFrom('alert')
      .select('id')
      .where('finding_id', '=', findingId)
      .where('audience', '=', 'inspector')
      .execute();
    return rows.length;
  };
  const judged = (findingId: string | undefined) => ({
    findingId: findingId ?? '',
    actorId: inspector,
    version: undefined,
    note: '',
  });
  const dismiss = async (id: string | undefined): Promise<void> => {
    const { db } = api().context;
    const done = await dismissFinding(db, { ...judged(id), reason: 'other' }, api().clock.now());
    expect(done).toMatchObject({ done: true });
    api().clock.move(MINUTE);
  };

  test('a bag dismissed in the evening does not hide the rat of the night', async () => {
    const [bag] = await see('rodent', 0);
    await dismiss(bag);
    expect(await see('rodent', 20), 'half an hour of quiet').toEqual([bag]);
    const [rat] = await see('rodent', 6 * 60);
    expect(rat).not.toBe(bag);
    expect(await alertsOf(rat ?? '')).toBe(1);
    expect(await see('rodent', 6 * 60 + 5), 'its own looks join it').toEqual([rat]);
    await dismiss(rat);
    const [third] = await see('rodent', 7 * 60);
    expect([bag, rat]).not.toContain(third);
  });

  test('seen after its task was closed it is a new finding; a look from before the closure joins', async () => {
    const [found] = await see('no_hat', 0);
    const confirmed = await confirmFinding(api().context.db, judged(found), api().clock.now());
    if (!confirmed.done || confirmed.taskId === null) throw new Error('no task');
    expect(await see('no_hat', 2)).toEqual([found]);
    await close(confirmed.taskId);
    expect(await see('no_hat', 1, { buffered: true })).toEqual([found]);
    const [again] = await see('no_hat', 12);
    expect(again).not.toBe(found);
    expect(await alertsOf(again ?? '')).toBe(1);
  });

  async function close(taskId: string): Promise<void> {
    const answer = { type: 'submission' as const, text: '已整改', photoIds: [] };
    const orders: Omit<TaskOrder, 'taskId'>[] = [
      { actorId: merchant, command: 'acknowledge' },
      { actorId: merchant, command: 'submit', answer },
      { actorId: inspector, command: 'close' },
    ];
    for (const order of orders) {
      const done = await runTaskOrder(api().context.db, { taskId, ...order }, api().clock.now());
      expect(done).toMatchObject({ done: true });
    }
  }

  test('two zones of one camera that were merged are seen by one look', async () => {
    const { db } = api().context;
    const { merchant_id, zone_id } = await db
      .selectFrom('camera')
      .select(['merchant_id', 'zone_id'])
      .where('id', '=', world.eastCamera)
      .executeTakeFirstOrThrow();
    const zone = await db
      .insertInto('zone')
      .values({ merchant_id, kind: 'special_room', code: 'cold', name: '凉菜间' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const both = [zone_id, zone.id];
    const [one, other] = await see('no_hat', 0, { zoneIds: both });
    const merged = await db.transaction().execute((tx) => {
      const known = (id: string | undefined) => ({ id: id ?? '', version: 1 });
      return mergeFindings(
        tx,
        { into: known(one), findings: [known(other)], actorId: inspector, note: '' },
        api().clock.now(),
      );
    });
    expect(merged).toMatchObject({ done: true });
    expect(await see('no_hat', 1, { zoneIds: both })).toEqual([one, one]);
    const { count } = await db
      .selectFrom('finding')
      .select('count')
      .where('id', '=', one ?? '')
      .executeTakeFirstOrThrow();
    expect(count, 'both that were merged, and this look once').toBe(3);
  });

  test('what shows a hundred looks keeps the frames of the first twenty and of what is surer than they', async () => {
    const [found] = await see('rodent', 0);
    for (let i = 1; i < 30; i += 1) await see('rodent', i);
    await see('rodent', 30, { score: 0.95 });
    await see('rodent', 31, { score: 0.9 });
    const { db } = api().context;
    const frames = await db
      .selectFrom('evidence')
      .select('id')
      .where('finding_id', '=', found ?? '')
      .execute();
    expect(frames).toHaveLength(21);
    const { count } = await db
      .selectFrom('finding')
      .select('count')
      .where('id', '=', found ?? '')
      .executeTakeFirstOrThrow();
    expect(count).toBe(32);
  });
});
