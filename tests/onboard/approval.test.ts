/** 核准首帧: until a person approved what a camera sees, nothing is looked for in its pictures and nobody else is shown them. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { answerProbe, askProbe } from '../../services/db/camera-probes.ts';
import { loadReference } from '../../services/db/camera-references.ts';
import { claimWanted, wantPictures } from '../../services/db/public-pictures.ts';
import { loadCamera } from '../../services/db/registry.ts';
import { edgePlaces } from '../../services/domain/edge-place.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import type { Box, Detection } from '../../services/domain/words.ts';
import { pictureKey } from '../../services/evidence/keys.ts';
import { judgeLook } from '../../workers/detection/judge-look.ts';
import { createRegistryCache } from '../../workers/detection/registry-cache.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { plainJpeg, spoolLook } from '../support/spooled-look.ts';
import { sceneFrame } from '../web/support/scenes.ts';

const api = useApi();
let operator: Call;
let operatorId: string;
let kitchen: Kitchen;

beforeAll(async () => {
  operator = await as(api(), 'approves', 'operator');
  const { id } = await api()
    .context.db.selectFrom('account')
    .select('id')
    .where('username', '=', 'approves')
    .executeTakeFirstOrThrow();
  operatorId = id;
});
beforeEach(async () => {
  kitchen = await seedKitchen(api().context.db);
});

const newCamera = (more: object = {}) => ({
  code: `${kitchen.merchantCode}-cam`,
  merchant: kitchen.merchantCode,
  zone: 'z1',
  name: '灶台',
  source: 'rtsp',
  rtspUrl: 'rtsp://admin:secret@192.168.1.20/1',
  ...more,
});
const add = async (more: object = {}) =>
  (await operator('POST /cameras', newCamera(more))).json<{ id: string; awaitsApproval: boolean }>();
/** A test of the camera that brought a picture. */
async function tested(cameraId: string, bytes: Buffer): Promise<string> {
  const { db, now, sealer } = api().context;
  const place = { regionPath: kitchen.regionPath, merchantId: kitchen.merchantId };
  const question = sealer.seal('{}');
  const asker = { actorId: operatorId, at: now() };
  const id = await askProbe(
    db,
    { kind: 'stream', merchantId: kitchen.merchantId, cameraId, question, place, note: '' },
    asker,
  );
  const main = { ok: true, codec: 'h264', width: 960, height: 540, framesPerS: 25, tookMs: 900 } as const;
  await answerProbe(db, id, { answer: { main, sub: null }, picture: { bytes, at: now() } }, now());
  return id;
}
const approve = (id: string, probe?: string) =>
  operator(`POST /cameras/${id}/reference`, probe === undefined ? {} : { probe });

describe('a camera that was added', () => {
  test('waits; one that was approved elsewhere does not; one that comes back waits again', async () => {
    const first = await add();
    expect(first.awaitsApproval).toBe(true);
    const second = await add({ code: `${kitchen.merchantCode}-taken-over`, approvedElsewhere: true });
    expect(second.awaitsApproval).toBe(false);
    await operator(`DELETE /cameras/${second.id}`);
    const back = await add({ code: `${kitchen.merchantCode}-taken-over` });
    expect(back).toMatchObject({ id: second.id, awaitsApproval: true });
    const { items } = (await operator(`GET /cameras?awaiting=true&merchant=${kitchen.merchantCode}`)).json<{
      items: unknown[];
    }>();
    expect(items).toHaveLength(2);
  });

  test('is approved by the fresh picture of its own test, with who and what in the audit', async () => {
    const { db, clock } = { db: api().context.db, clock: api().clock };
    const { id } = await add();
    const { jpeg } = await sceneFrame(6, 0);
    const foreign = await tested(kitchen.cameraId, jpeg);
    expect((await approve(id, foreign)).statusCode).toBe(409);
    const dark = await tested(id, await plainJpeg(4));
    expect((await approve(id, dark)).statusCode).toBe(409);
    const old = await tested(id, jpeg);
    clock.move(11 * 60_000);
    expect((await approve(id, old)).statusCode).toBe(409);
    expect((await approve(id)).statusCode).toBe(409);
    const answer = await approve(id, await tested(id, jpeg));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ awaitsApproval: false, reference: { approvedBy: 'approves' } });
    const entry = await db
      .selectFrom('history')
      .innerJoin('history_change as change', 'change.history_id', 'history.id')
      .select(['history.to_state', 'change.before', 'change.after'])
      .where('history.entity_id', '=', id)
      .where('history.to_state', '=', 'reference_approved')
      .executeTakeFirstOrThrow();
    expect(entry).toMatchObject({ before: { awaits_approval: true }, after: { awaits_approval: false } });
  });

  test('is sent back with a reason, and switched off where no camera may be', async () => {
    const { id } = await add({ approvedElsewhere: true });
    const decline = (body: object) => operator(`POST /cameras/${id}/reference/decline`, body);
    expect(
      (await decline({ reason: 'because' })).json<{ errors: { field: string }[] }>().errors[0]?.field,
    ).toBe('reason');
    expect((await decline({ reason: 'wrong_aim', note: '对着墙' })).json()).toMatchObject({
      awaitsApproval: true,
      enabled: true,
      declined: { reason: 'wrong_aim', note: '对着墙', by: 'approves' },
    });
    expect((await decline({ reason: 'private_place' })).json()).toMatchObject({ enabled: false });
    const { jpeg } = await sceneFrame(6, 0);
    expect((await approve(id, await tested(id, jpeg))).json()).toMatchObject({
      awaitsApproval: false,
      declined: null,
    });
  });
});

describe('while it waits', () => {
  const wait = async (): Promise<void> => {
    await api()
      .context.db.updateTable('camera')
      .set({ awaits_approval: true })
      .where('id', '=', kitchen.cameraId)
      .execute();
  };
  const judge: LookJudge = {
    kinds: ['no_hat', 'no_mask'],
    models: [{ name: 'scripted', version: '1', sha256: '0'.repeat(64) }],
    async judgeFrame() {
      const seen = (kind: Detection['kind'], box: Box): Detection => ({
        kind,
        verdict: 'yes',
        score: 0.9,
        box,
        sizePx: 80,
      });
      return [
        seen('no_hat', [0.1, 0.1, 0.3, 0.5]),
        seen('no_mask', [0.1, 0.1, 0.3, 0.5]),
        seen('no_mask', [0.7, 0.1, 0.9, 0.5]),
      ];
    },
    async close() {},
  };
  const judged = async () => {
    const { db, store, now } = api().context;
    const id = await spoolLook(db, store, kitchen.cameraId, now());
    const outcome = await judgeLook({ db, store, judge, registry: createRegistryCache(db), now }, id);
    const findings = await db
      .selectFrom('finding')
      .select(['kind', 'zone_id'])
      .where('camera_id', '=', kitchen.cameraId)
      .orderBy('kind')
      .execute();
    return { outcome, findings };
  };

  test('a look that was on its way makes no finding, and its minute is not observed', async () => {
    await wait();
    expect(await judged()).toEqual({ outcome: 'dropped', findings: [] });
    const { minutes } = await api()
      .context.db.selectFrom('coverage')
      .select('minutes')
      .where('camera_id', '=', kitchen.cameraId)
      .executeTakeFirstOrThrow();
    expect(minutes).not.toMatch(/[LU]/);
    await api()
      .context.db.updateTable('camera')
      .set({ awaits_approval: false })
      .where('id', '=', kitchen.cameraId)
      .execute();
    api().clock.move(60_000);
    expect((await judged()).outcome).toBe('finding');
  });

  test('another address asks anew: nothing counts before a person approved what the new one shows', async () => {
    const { db } = api().context;
    const camera = kitchen.cameraId;
    const seal = (url: string) => api().context.sealer.seal(url);
    await db
      .updateTable('camera')
      .set({ source: 'rtsp', gateway_id: null, rtsp_url_sealed: seal('rtsp://a:old@10.0.0.8/ch1') })
      .where('id', '=', camera)
      .execute();
    const { jpeg } = await sceneFrame(6, 0);
    expect((await approve(camera, await tested(camera, jpeg))).statusCode).toBe(200);
    // Twice is once.
    expect((await approve(camera, await tested(camera, jpeg))).statusCode).toBe(200);
    expect(await loadReference(db, camera)).toMatchObject({ approved: true });
    expect((await judged()).outcome).toBe('finding');
    const change = async (rtspUrl: string) =>
      (await operator(`PATCH /cameras/${camera}`, { rtspUrl })).json<{
        awaitsApproval: boolean;
        sourceChangedAt: string | null;
      }>();
    // A new password is the same camera.
    expect(await change('rtsp://a:new@10.0.0.8:554/ch1')).toMatchObject({
      awaitsApproval: false,
      sourceChangedAt: null,
    });
    const before = await tested(camera, jpeg);
    api().clock.move(60_000);
    expect(await change('rtsp://a:new@10.0.0.8/ch2')).toMatchObject({
      awaitsApproval: true,
      sourceChangedAt: api().clock.now().toISOString(),
    });
    expect((await judged()).outcome).toBe('dropped');
    // Not compared with what the other one showed.
    expect(await loadReference(db, camera)).toBeUndefined();
    const row = await db
      .selectFrom('history')
      .innerJoin('history_change as change', 'change.history_id', 'history.id')
      .select(['history.actor_id', 'change.before', 'change.after'])
      .where('history.entity_id', '=', camera)
      .where('history.to_state', '=', 'approval_asked')
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      actor_id: operatorId,
      before: { awaits_approval: false },
      after: { awaits_approval: true },
    });
    const { items } = (await operator(`GET /cameras?awaiting=true&merchant=${kitchen.merchantCode}`)).json<{
      items: { id: string }[];
    }>();
    expect(items.map(({ id }) => id)).toEqual([camera]);

    // A picture of the address before is none, whether of a test or of the camera itself.
    const old = await approve(camera, before);
    expect([old.statusCode, old.body]).toEqual([409, expect.stringContaining('before the address')]);
    const picture = async (): Promise<void> => {
      const now = api().clock.now();
      const key = pictureKey(camera);
      const { jpeg: other } = await sceneFrame(3, 0);
      await api().context.store.put(key, other, { contentType: 'image/jpeg', overwrite: true });
      const shown = { state: 'online' as const, picture_key: key, picture_at: now, updated_at: now };
      await db
        .insertInto('camera_status')
        .values({ camera_id: camera, ...shown })
        .onConflict((conflict) => conflict.column('camera_id').doUpdateSet(shown))
        .execute();
    };
    api().clock.move(2_000);
    await picture();
    expect((await approve(camera)).statusCode).toBe(409);
    expect((await judged()).outcome).toBe('dropped');
    api().clock.move(60_000);
    await picture();
    expect((await approve(camera)).json()).toMatchObject({ awaitsApproval: false });
    api().clock.move(60 * 60_000);
    expect((await judged()).outcome).toBe('finding');
  });

  test('so does another gateway, and another address in a file, unless it says that somebody approved it', async () => {
    const second = await operator('POST /gateways', {
      code: `${kitchen.merchantCode}-box2`,
      region: kitchen.regionPath,
      merchant: kitchen.merchantCode,
      name: '第二台',
    });
    expect(second.statusCode).toBe(201);
    const moved = await operator(`PATCH /cameras/${kitchen.cameraCode}`, {
      gateway: `${kitchen.merchantCode}-box2`,
    });
    expect(moved.json()).toMatchObject({ awaitsApproval: true });

    await add({ approvedElsewhere: true });
    const code = `${kitchen.merchantCode}-cam`;
    const imported = async (more: object) => {
      const cameras = [{ ...newCamera(more), code }];
      expect((await operator('POST /import', { cameras })).statusCode).toBe(200);
      return (await operator(`GET /cameras/${code}`)).json<{ awaitsApproval: boolean }>().awaitsApproval;
    };
    expect(await imported({ rtspUrl: 'rtsp://admin:other@192.168.1.20/1' })).toBe(false);
    expect(await imported({ rtspUrl: 'rtsp://admin:other@192.168.1.21/1', approvedElsewhere: true })).toBe(
      false,
    );
    expect(await imported({ rtspUrl: 'rtsp://admin:other@192.168.1.22/1' })).toBe(true);
    // The same again takes nothing back.
    expect(await imported({ rtspUrl: 'rtsp://admin:other@192.168.1.22/1' })).toBe(true);
  });

  test('so does another sub-stream, which walls show; the first one on the same host is the camera’s own', async () => {
    await add({ approvedElsewhere: true });
    const code = `${kitchen.merchantCode}-cam`;
    const changed = async (rtspSubUrl: string | null) =>
      (await operator(`PATCH /cameras/${code}`, { rtspSubUrl })).json<{ awaitsApproval: boolean }>()
        .awaitsApproval;
    expect(await changed('rtsp://admin:secret@192.168.1.20/2')).toBe(false);
    // A new password, and none at all.
    expect(await changed('rtsp://admin:other@192.168.1.20:554/2')).toBe(false);
    expect(await changed(null)).toBe(false);
    const imported = async (more: object) => {
      const cameras = [{ ...newCamera(more), code }];
      expect((await operator('POST /import', { cameras })).statusCode).toBe(200);
      return (await operator(`GET /cameras/${code}`)).json<{ awaitsApproval: boolean }>().awaitsApproval;
    };
    expect(await imported({ rtspSubUrl: 'rtsp://admin:secret@192.168.1.20/2' })).toBe(false);
    // A file that says nothing of it leaves it.
    expect(await imported({})).toBe(false);
    expect(
      await imported({ rtspSubUrl: 'rtsp://admin:secret@192.168.1.20/3', approvedElsewhere: true }),
    ).toBe(false);
    expect(await changed('rtsp://admin:secret@192.168.1.20/4')).toBe(true);
  });

  test('a first sub-stream of another host asks too', async () => {
    await add({ approvedElsewhere: true });
    const changed = await operator(`PATCH /cameras/${kitchen.merchantCode}-cam`, {
      rtspSubUrl: 'rtsp://admin:secret@192.168.1.21/2',
    });
    expect(changed.json()).toMatchObject({ awaitsApproval: true });
  });

  test('an alarm of a box makes none either', async () => {
    const { db, now } = api().context;
    const places = async () => {
      const camera = await loadCamera(db, kitchen.cameraId);
      return camera && edgePlaces({ code: 'no_hat', class: 2 }, STARTING_RULES, camera, now());
    };
    expect(await places()).toHaveLength(1);
    await wait();
    expect(await places()).toEqual([]);
  });

  test('the public is not shown it', async () => {
    const { db, now } = api().context;
    await operator(`PUT /merchants/${kitchen.merchantCode}/public-view`, {
      because: 'chosen',
      cameras: [{ camera: kitchen.cameraCode }],
    });
    await db
      .updateTable('camera')
      .set({
        privacy_masks: JSON.stringify([
          [
            [0, 0],
            [1, 0],
            [0, 1],
          ],
        ]),
      })
      .where('id', '=', kitchen.cameraId)
      .execute();
    const claimed = async () => {
      await wantPictures(db, [kitchen.cameraId], now());
      return await claimWanted(db, now(), { count: 9, leaseS: 0 });
    };
    expect((await claimed()).map(({ cameraId, masks }) => [cameraId, masks])).toEqual([
      [
        kitchen.cameraId,
        [
          [
            [0, 0],
            [1, 0],
            [0, 1],
          ],
        ],
      ],
    ]);
    await wait();
    api().clock.move(60_000);
    expect(await claimed()).toEqual([]);
    const kitchens = await api().app.inject({
      method: 'GET',
      url: `/api/v1/public/kitchens/${kitchen.merchantCode}`,
    });
    expect(kitchens.json<{ cameras: unknown[] }>().cameras).toEqual([]);
  });

  test('what lies in a zone drawn into the picture is judged by that zone’s rules, and put down to it', async () => {
    const { db } = api().context;
    const cold = await db
      .insertInto('zone')
      .values({ merchant_id: kitchen.merchantId, code: 'cold', kind: 'special_room', name: '凉菜间' })
      .returning('id')
      .executeTakeFirstOrThrow();
    // Masks are asked for in a special room only: without a drawn zone, none is missing here.
    expect((await judged()).findings).toEqual([{ kind: 'no_hat', zone_id: kitchen.zoneId }]);
    await operator(`PATCH /cameras/${kitchen.cameraCode}`, {
      zoneAreas: [
        {
          zone: 'cold',
          area: [
            [0.5, 0],
            [1, 0],
            [1, 1],
            [0.5, 1],
          ],
        },
      ],
    });
    api().clock.move(60 * 60_000);
    expect((await judged()).findings).toEqual([
      { kind: 'no_hat', zone_id: kitchen.zoneId },
      { kind: 'no_hat', zone_id: kitchen.zoneId },
      { kind: 'no_mask', zone_id: cold.id },
    ]);
  });
});

test('until then nobody but those who approve sees it live: no picture, no video, no wall, no snapshot', async () => {
  const { db, now } = api().context;
  const { id } = await add();
  await db
    .insertInto('camera_status')
    .values({
      camera_id: id,
      state: 'online',
      cause: '',
      state_since: now(),
      picture_key: 'p/1',
      picture_at: now(),
    })
    .onConflict((conflict) =>
      conflict.column('camera_id').doUpdateSet({ picture_key: 'p/1', picture_at: now() }),
    )
    .execute();
  const inspector = await as(api(), `sees-${kitchen.merchantCode}`, 'inspector');
  const code = newCamera().code;
  const pictureFor = async (call: Call): Promise<unknown> =>
    (await call(`GET /cameras/${id}`)).json<{ picture: unknown }>().picture;
  for (const call of [operator, inspector]) await call('POST /live/grants', { purpose: 'device_check' });
  expect(await pictureFor(operator)).toMatchObject({ ageS: expect.any(Number) });
  expect(await pictureFor(inspector)).toBeNull();
  const video = await inspector(`GET /cameras/${id}/video`);
  expect([video.statusCode, video.json()]).toMatchObject([
    409,
    { reason: 'awaiting', code: 'not_approved_yet' },
  ]);
  const snapshot = await inspector('POST /report-photos/snapshot', { camera: code });
  expect([snapshot.statusCode, snapshot.json()]).toMatchObject([409, { code: 'not_approved_yet' }]);
  await db.updateTable('camera').set({ awaits_approval: false }).where('id', '=', id).execute();
  expect(await pictureFor(inspector)).toMatchObject({ ageS: expect.any(Number) });
});
