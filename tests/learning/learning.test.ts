/** From verdicts to precision, to proposals, to a camera that no longer finds what was wrong. */
import { pino } from 'pino';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { loadCamera } from '../../services/db/registry.ts';
import { confirmLook } from '../../services/domain/confirm.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import { proposeChanges } from '../../workers/detection/propose-changes.ts';
import { startSweeping } from '../../workers/detection/sweep.ts';
import { as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';
import { addJudged, poster } from './judged.ts';

const HOUR = 3_600_000;

interface Row {
  kind: string;
  camera: { code: string } | null;
  model: { name: string; version: string } | null;
  confirmed: number;
  dismissed: number;
  precision: number;
  low: number;
  high: number;
  reasons: Record<string, number>;
}

interface Proposal {
  id: string;
  type: 'ignore_area' | 'min_score';
  state: string;
  camera: { code: string };
  area: number[] | null;
  minScore: number | null;
  evidence: { dismissedDropped: number; confirmed: number; dismissed: number; boxes: number[][] };
  frame: { url: string } | null;
  updatedAt: string;
  decidedBy: string | null;
}

const api = useApi();
let world: World;
let admin: Call;
const hoursAgo = (hours: number): Date => new Date(api().clock.now().getTime() - hours * HOUR);
const learn = () => proposeChanges({ db: api().context.db, now: api().clock.now });

beforeAll(async () => {
  world = await addWorld(api());
  admin = await as(api(), 'admin', 'operator');
  const { context } = api();
  // East: a poster is dismissed eight times and told twice once more; one bare head is confirmed elsewhere.
  for (let i = 0; i < 8; i += 1) {
    await addJudged(context, world.eastCamera, {
      at: hoursAgo(3 + i),
      box: poster(i),
      verdict: i < 6 ? 'not_a_person' : 'wearing_it',
    });
  }
  await addJudged(context, world.eastCamera, { at: hoursAgo(20), box: poster(0), verdict: 'duplicate' });
  await addJudged(context, world.eastCamera, {
    at: hoursAgo(22),
    box: [0.1, 0.6, 0.2, 0.8],
    score: 0.95,
    verdict: 'confirmed',
    version: '1.1.0',
  });
  // West: right three times, wrong long ago, and one that waits.
  for (let i = 0; i < 3; i += 1) {
    await addJudged(context, world.westCamera, { at: hoursAgo(3 + i), box: poster(i), verdict: 'confirmed' });
  }
  for (let i = 0; i < 9; i += 1) {
    await addJudged(context, world.westCamera, {
      at: hoursAgo(15 * 24 + i),
      box: poster(i),
      verdict: 'not_a_person',
    });
  }
  await addJudged(context, world.westCamera, { at: hoursAgo(1), box: poster(0) });
});

describe('precision', () => {
  const ask = async (call: Call, query: string): Promise<Row[]> =>
    (await call(`GET /precision?${query}`)).json<{ items: Row[] }>().items;

  test('per camera, worst first; duplicates and old verdicts do not count', async () => {
    const rows = await ask(admin, 'group=camera');
    expect(rows).toMatchObject([
      {
        kind: 'no_hat',
        camera: { code: 'em-cam' },
        confirmed: 1,
        dismissed: 8,
        reasons: { not_a_person: 6, wearing_it: 2, duplicate: 1 },
      },
      { camera: { code: 'wm-cam' }, confirmed: 3, dismissed: 0, precision: 1, high: 1, reasons: {} },
    ]);
    expect(rows[0]?.precision).toBeCloseTo(1 / 9);
    expect(rows[0]?.low).toBeCloseTo(0.0199, 3);
    expect(rows[0]?.high).toBeCloseTo(0.435, 3);
    expect(await ask(admin, 'group=camera&camera=wm-cam')).toHaveLength(1);
  });

  test('per kind and per model version, in a span of time', async () => {
    expect(await ask(admin, 'group=kind')).toMatchObject([{ kind: 'no_hat', confirmed: 4, dismissed: 8 }]);
    const models = await ask(admin, 'group=model');
    const of = (name: string, version: string) =>
      models.find(({ model }) => model?.name === name && model.version === version);
    expect(of('heads', '2.0.0')).toMatchObject({ confirmed: 4, dismissed: 8 });
    expect(of('head-attributes', '1.0.0')).toMatchObject({ confirmed: 3, dismissed: 8 });
    expect(of('head-attributes', '1.1.0')).toMatchObject({ confirmed: 1, dismissed: 0 });
    const span = `from=${hoursAgo(16 * 24).toISOString()}&to=${hoursAgo(24).toISOString()}`;
    expect(await ask(admin, `group=kind&${span}`)).toMatchObject([{ confirmed: 0, dismissed: 9 }]);
    expect((await admin(`GET /precision?group=kind&from=${hoursAgo(-1).toISOString()}`)).statusCode).toBe(
      400,
    );
  });

  test('in scope only', async () => {
    const west = await as(api(), 'west', 'director', { regionId: world.west });
    expect((await ask(west, 'group=camera')).map(({ camera }) => camera?.code)).toEqual(['wm-cam']);
    expect(await ask(west, 'group=kind')).toMatchObject([{ confirmed: 3, dismissed: 0 }]);
    expect(await ask(west, 'group=camera&camera=em-cam')).toEqual([]);
    const merchant = await as(api(), 'merchant', 'merchant', { merchantId: world.eastMerchant });
    expect((await merchant('GET /precision?group=kind')).statusCode).toBe(403);
  });
});

describe('proposals', () => {
  const list = async (call: Call, query = ''): Promise<Proposal[]> =>
    (await call(`GET /rule-proposals${query}`)).json<{ items: Proposal[] }>().items;
  const of = async (type: Proposal['type']): Promise<Proposal> => {
    const found = (await list(admin)).find((one) => one.type === type);
    if (found === undefined) throw new Error(`no ${type}`);
    return found;
  };

  test('the camera that keeps being wrong gets one of each type, however often and by how many it is counted', async () => {
    const counts = await Promise.all([learn(), learn(), learn()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await learn()).toBe(0);
    const proposals = await list(admin);
    expect(proposals.map(({ type, camera, state }) => [type, camera.code, state]).sort()).toEqual([
      ['ignore_area', 'em-cam', 'open'],
      ['min_score', 'em-cam', 'open'],
    ]);
    const area = await of('ignore_area');
    expect(area.evidence).toMatchObject({ dismissedDropped: 8, dismissed: 8, confirmed: 1 });
    expect(area.area?.[0]).toBeCloseTo(0.688, 2);
    expect(area.evidence.boxes).toHaveLength(40);
    expect((await api().app.inject({ url: area.frame?.url ?? '' })).statusCode).toBe(200);
    expect((await of('min_score')).minScore).toBe(0.71);
  });

  test('are seen and decided by operators of the region only', async () => {
    const { id } = await of('ignore_area');
    const west = await as(api(), 'operator-west', 'operator', { regionId: world.west });
    expect(await list(west)).toEqual([]);
    expect((await west(`POST /rule-proposals/${id}/accept`)).statusCode).toBe(404);
    const inspector = await as(api(), 'inspector', 'inspector');
    expect((await inspector('GET /rule-proposals')).statusCode).toBe(403);
    expect((await inspector(`POST /rule-proposals/${id}/decline`)).statusCode).toBe(403);
    expect((await of('ignore_area')).state).toBe('open');
  });

  test('one that was counted anew is not accepted unseen', async () => {
    const { id, updatedAt } = await of('ignore_area');
    api().clock.move(HOUR);
    await learn();
    const stale = await admin(`POST /rule-proposals/${id}/accept`, { updatedAt });
    expect(stale.statusCode).toBe(409);
    expect((await of('ignore_area')).updatedAt).not.toBe(updatedAt);
  });

  test('accepted, the camera ignores the area; once, and it is not proposed again', async () => {
    const { id, area, updatedAt } = await of('ignore_area');
    const accepted = await admin(`POST /rule-proposals/${id}/accept`, { updatedAt, note: 'a poster' });
    expect(accepted.json()).toMatchObject({ state: 'accepted', decidedBy: 'admin', note: 'a poster' });
    expect((await admin(`POST /rule-proposals/${id}/accept`)).statusCode).toBe(200);
    expect((await admin(`POST /rule-proposals/${id}/decline`)).statusCode).toBe(409);
    const camera = await loadCamera(api().context.db, world.eastCamera);
    expect(camera?.ignoreAreas).toEqual([area]);
    await learn();
    expect((await list(admin, '?state=open')).map(({ type }) => type)).toEqual(['min_score']);
  });

  test('an accepted score raises what this camera asks for, and shows on it', async () => {
    const { id } = await of('min_score');
    expect((await admin(`POST /rule-proposals/${id}/accept`)).statusCode).toBe(200);
    const camera = await loadCamera(api().context.db, world.eastCamera);
    const [rule] = STARTING_RULES;
    if (camera === undefined || rule === undefined) throw new Error('no camera');
    const found = (score: number) => {
      const box = [0.1, 0.6, 0.2, 0.8] as const;
      const detections = [{ kind: 'no_hat', verdict: 'yes', score, box, sizePx: 90 } as const];
      const frames = [0, 3, 6].map((s) => ({ at: new Date(s * 1000), detections }));
      return confirmLook(frames, rule, camera).confirmed;
    };
    expect([found(0.7), found(0.72)]).toEqual([false, true]);
    expect((await admin('GET /cameras/em-cam')).json()).toMatchObject({ minScores: { no_hat: 0.71 } });
    const lowered = await admin('PATCH /cameras/em-cam', { minScores: {} });
    expect(lowered.json()).toMatchObject({ minScores: {}, ignoreAreas: [expect.anything()] });
  });

  test('declined, the same verdicts propose it no more', async () => {
    for (let i = 0; i < 6; i += 1) {
      await addJudged(api().context, world.westCamera, {
        at: hoursAgo(-6 - i),
        box: [0.4, 0.4, 0.5, 0.6],
        verdict: 'wearing_it',
        score: 0.6,
      });
    }
    await api()
      .context.db.updateTable('finding')
      .set({ verdict_reason: 'duplicate', state: 'dismissed' })
      .where('camera_id', '=', world.westCamera)
      .where('state', '=', 'confirmed')
      .execute();
    api().clock.move(20 * HOUR);
    admin = caller(api(), await signIn(api(), 'admin'));
    expect(await learn()).toBe(2);
    for (const { id } of await list(admin, '?state=open')) {
      expect((await admin(`POST /rule-proposals/${id}/decline`)).json()).toMatchObject({ state: 'declined' });
    }
    expect(await learn()).toBe(0);
    expect((await loadCamera(api().context.db, world.westCamera))?.ignoreAreas).toEqual([]);
  });

  test('a running worker does it every hour', async () => {
    for (let i = 0; i < 6; i += 1) {
      await addJudged(api().context, world.westCamera, {
        at: hoursAgo(-20 - i),
        box: [0.4, 0.4, 0.5, 0.6],
        verdict: 'wearing_it',
        score: 0.6,
      });
    }
    api().clock.move(30 * HOUR);
    admin = caller(api(), await signIn(api(), 'admin'));
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { db, store } = api().context;
    const queue = {
      add: async () => {},
      depth: async () => ({ waiting: 0, active: 0 }),
      close: async () => {},
    };
    const log = pino({ level: 'silent' });
    const sweeping = startSweeping({ db, store, queue, log, now: api().clock.now });
    try {
      vi.advanceTimersByTime(HOUR);
      await vi.waitFor(async () => expect(await list(admin, '?state=open')).toHaveLength(2), {
        timeout: 20_000,
      });
    } finally {
      sweeping.close();
      vi.useRealTimers();
    }
  });
});
