import { beforeAll, describe, expect, test } from 'vitest';
import { closeFault, openFault } from '../../services/db/camera-faults.ts';
import { loadReference } from '../../services/db/camera-references.ts';
import { updatePictures } from '../../services/db/status.ts';
import { pictureKey } from '../../services/evidence/keys.ts';
import { as, type Call, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { FAULTY, jpeg, view } from './support/scenes.ts';

describe('device tickets and approved pictures by API', () => {
  const api = useApi();
  let kitchen: Kitchen;
  let other: Kitchen;
  let operator: Call;
  let inspector: Call;
  let elsewhere: Call;
  let merchant: Call;

  beforeAll(async () => {
    const { db } = api().context;
    kitchen = await seedKitchen(db);
    other = await seedKitchen(db);
    operator = await as(api(), 'operator', 'operator');
    inspector = await as(api(), 'inspector', 'inspector', { regionId: kitchen.regionId });
    elsewhere = await as(api(), 'elsewhere', 'inspector', { regionId: other.regionId });
    merchant = await as(api(), 'merchant', 'merchant', { merchantId: kitchen.merchantId });
    const since = new Date('2026-11-21T03:00:00Z');
    const one = { since, cause: 'the lens is covered', detail: { lost: 0.9 }, mutedBy: null };
    const now = api().clock.now();
    await openFault(db, { id: kitchen.cameraId }, { ...one, kind: 'covered' }, now);
    await openFault(
      db,
      { id: kitchen.cameraId },
      { ...one, kind: 'offline', cause: 'the gateway is offline', mutedBy: kitchen.gatewayId },
      now,
    );
    await openFault(db, { id: other.cameraId }, { ...one, kind: 'blurred' }, now);
    await closeFault(db, other.cameraId, 'blurred', now);
  });

  const kinds = async (call: Call, query = ''): Promise<string[]> => {
    const answer = await call(`GET /camera-faults${query}`);
    expect(answer.statusCode).toBe(200);
    return answer.json<{ items: { kind: string }[] }>().items.map(({ kind }) => kind);
  };

  test('the list: what a dead gateway mutes is left out unless asked for', async () => {
    expect((await kinds(operator)).sort()).toEqual(['blurred', 'covered']);
    expect(await kinds(operator, '?state=open')).toEqual(['covered']);
    expect(await kinds(operator, '?state=closed')).toEqual(['blurred']);
    expect(await kinds(operator, '?muted=true')).toEqual(['offline']);
    expect((await kinds(operator, `?camera=${kitchen.cameraCode}`)).sort()).toEqual(['covered', 'offline']);
  });

  test('pages follow each other', async () => {
    const first = (await operator('GET /camera-faults?limit=1')).json<{
      items: { id: string }[];
      nextCursor: string;
    }>();
    const second = (await operator(`GET /camera-faults?limit=1&cursor=${first.nextCursor}`)).json<{
      items: { id: string }[];
      nextCursor: string | null;
    }>();
    expect(first.items[0]?.id).not.toBe(second.items[0]?.id);
    expect(second.nextCursor).toBeNull();
  });

  test('everybody sees their own only', async () => {
    expect(await kinds(inspector)).toEqual(['covered']);
    expect(await kinds(merchant)).toEqual(['covered']);
    expect(await kinds(elsewhere)).toEqual(['blurred']);
  });

  test('the camera shows them, and can be found by them', async () => {
    const camera = (await operator(`GET /cameras/${kitchen.cameraCode}`)).json();
    expect(camera.faults).toEqual([
      expect.objectContaining({ kind: expect.any(String), since: '2026-11-21T03:00:00.000Z' }),
      expect.objectContaining({ kind: expect.any(String) }),
    ]);
    const codes = async (faulty: boolean): Promise<string[]> =>
      (await operator(`GET /cameras?faulty=${faulty}`))
        .json<{ items: { code: string }[] }>()
        .items.map(({ code }) => code);
    expect(await codes(true)).toEqual([kitchen.cameraCode]);
    expect(await codes(false)).toEqual([other.cameraCode]);
  });

  test('acknowledged once; by nobody from elsewhere', async () => {
    const [ticket] = (await inspector('GET /camera-faults')).json<{ items: { id: string }[] }>().items;
    const path = `POST /camera-faults/${ticket?.id}/acknowledge`;
    expect((await elsewhere(path)).statusCode).toBe(404);
    expect((await inspector(path)).json()).toMatchObject({ acknowledgedBy: 'inspector', closedAt: null });
    api().clock.move(1000);
    expect((await operator(path)).json()).toMatchObject({ acknowledgedBy: 'inspector' });
  });

  const show = async (bytes: Buffer, at: Date): Promise<void> => {
    const key = pictureKey(kitchen.cameraId);
    const { db, store } = api().context;
    await store.put(key, bytes, { contentType: 'image/jpeg', overwrite: true });
    const update = { cameraId: kitchen.cameraId, frameAt: at, lookAt: at, pictureKey: key, pictureAt: at };
    await updatePictures(db, [{ ...update, sourceInfo: { width: 1280, height: 720 } }], at);
  };
  const approve = (call: Call) => call(`POST /cameras/${kitchen.cameraCode}/reference`);

  test('approving asks for a fresh picture that shows something', async () => {
    expect((await approve(operator)).statusCode).toBe(409);
    const cloth = await FAULTY['a cloth over the lens']?.make(await view(3));
    if (cloth === undefined) throw new Error('no such scene');
    await show(cloth, api().clock.now());
    expect((await approve(operator)).statusCode).toBe(409);
    api().clock.move(1000);
    await show(await jpeg(await view(3)), api().clock.now());
    api().clock.move(11 * 60_000);
    expect((await approve(operator)).json<{ detail: string }>().detail).toContain('10 minutes');
  });

  test('the operator approves the picture; inspectors may not', async () => {
    const bytes = await jpeg(await view(3));
    await show(bytes, api().clock.now());
    expect((await approve(inspector)).statusCode).toBe(403);
    const answer = await approve(operator);
    expect(answer.statusCode).toBe(200);
    const { reference } = answer.json<{ reference: { approvedBy: string; url: string } }>();
    expect(reference.approvedBy).toBe('operator');
    const file = await api().app.inject({ method: 'GET', url: reference.url });
    expect(file.rawPayload.equals(bytes)).toBe(true);
    expect((await loadReference(api().context.db, kitchen.cameraId))?.approved).toBe(true);
  });

  test('blind minutes stand in the coverage', async () => {
    const answer = await operator(`GET /coverage?camera=${kitchen.cameraCode}`);
    expect(answer.json().items[0].minutes).toHaveProperty('blind');
  });
});
