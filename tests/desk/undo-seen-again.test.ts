/** A camera that goes on looking while a verdict can still be taken back. */
import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordFindings } from '../../services/db/findings.ts';
import { acceptLook } from '../../services/db/looks.ts';
import { loadCamera } from '../../services/db/registry.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import { issueDue } from '../../workers/deadlines/case-rounds.ts';
import { addAccount, type Call, caller, signIn, useApi } from '../api/support.ts';
import { addWorld, type World } from '../api/world.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

interface Finding {
  id: string;
  state: string;
  version: number;
  count: number;
}

describe('undo while the camera looks again', () => {
  const api = useApi({ undoMs: 10 * SECOND });
  let world: World;
  let desk: Call;

  beforeAll(async () => {
    world = await addWorld(api());
    await addAccount(api(), 'desk', 'inspector', { regionId: world.county });
  });
  beforeEach(async () => {
    api().clock.move(13 * HOUR);
    desk = caller(api(), await signIn(api(), 'desk'));
  });

  /** A look of now that shows no hat. @param zoneId absent: the camera's own zone @returns the finding that has it */
  async function see(zoneId?: string): Promise<string> {
    const { db, store } = api().context;
    const at = api().clock.now();
    const camera = await loadCamera(db, world.eastCamera);
    const rule = STARTING_RULES.find(({ kind }) => kind === 'no_hat');
    if (camera === undefined || rule === undefined) throw new Error('no camera or rule');
    const lookId = randomUUID();
    const key = `evidence/${lookId}/0.jpg`;
    await store.put(key, Buffer.from(lookId));
    const stored = { key, sha256: 'ab'.repeat(32), bytes: 36, at: at.toISOString(), width: 640, height: 360 };
    const look = { id: lookId, cameraId: world.eastCamera, source: 'mqtt', capturedAt: at } as const;
    await acceptLook(db, { ...look, frames: [stored], gathering: false }, at);
    const zone = zoneId === undefined ? {} : { zone: { id: zoneId, kind: 'special_room' as const } };
    const recorded = await recordFindings(
      db,
      {
        lookId,
        camera,
        capturedAt: at,
        frames: [{ stored, detections: [] }],
        clip: null,
        models: [],
        confirmed: [{ rule, score: 0.8, ...zone }],
      },
      at,
    );
    return recorded?.[0]?.id ?? '';
  }

  const find = async (id: string) => (await desk(`GET /findings/${id}`)).json<Finding>();
  const give = async (id: string, verdict: 'confirm' | 'dismiss') => {
    const { version } = await find(id);
    const body = verdict === 'confirm' ? { version } : { version, reason: 'not_staff' };
    return (await desk(`POST /findings/${id}/${verdict}`, body)).json<{ finding: Finding }>().finding;
  };
  const issued = async () => await issueDue({ db: api().context.db, now: api().clock.now });

  test.each(['confirm', 'dismiss'] as const)(
    'a finding that was judged (%s) is taken back',
    async (verdict) => {
      const id = await see();
      const judged = await give(id, verdict);
      api().clock.move(5 * SECOND);
      expect(await see()).toBe(id);
      const undone = await desk(`POST /findings/${id}/undo`, { version: judged.version });
      expect(undone.json()).toMatchObject({ state: 'pending_review', count: 2 });
      api().clock.move(HOUR);
      expect(await issued()).toEqual({ issued: [], failed: [] });
    },
  );

  test('a merged group that was confirmed is taken back, and its parts stand for themselves', async () => {
    const zone = await api()
      .context.db.insertInto('zone')
      .values({ merchant_id: world.eastMerchant, kind: 'special_room', code: 'cold', name: '凉菜间' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const [one, other] = [await see(), await see(zone.id)];
    const known = async (id: string) => ({ id, version: (await find(id)).version });
    const answer = await api().app.inject({
      method: 'POST',
      url: '/api/v1/findings/merge',
      headers: { authorization: `Bearer ${await signIn(api(), 'desk')}`, 'idempotency-key': randomUUID() },
      payload: { into: await known(one), findings: [await known(other)] },
    });
    expect(answer.statusCode).toBe(200);
    const judged = await give(one, 'confirm');
    const part = await known(other);
    api().clock.move(5 * SECOND);
    expect([await see(), await see(zone.id)]).toEqual([one, one]);
    const undone = await desk(`POST /findings/${one}/undo`, { version: judged.version });
    expect(undone.json()).toMatchObject({ state: 'pending_review' });
    expect([await see(), await see(zone.id)]).toEqual([one, one]);
    const split = await api().app.inject({
      method: 'POST',
      url: `/api/v1/findings/${other}/split`,
      headers: { authorization: `Bearer ${await signIn(api(), 'desk')}`, 'idempotency-key': randomUUID() },
      payload: { version: part.version, note: '撤回' },
    });
    expect(split.statusCode).toBe(200);
    expect([(await find(one)).state, (await find(other)).state]).toEqual([
      'pending_review',
      'pending_review',
    ]);
    api().clock.move(HOUR);
    expect(await issued()).toEqual({ issued: [], failed: [] });
  });

  test('what waits for a verdict is not judged unseen: a look that came since is told', async () => {
    const id = await see();
    const { version } = await find(id);
    expect(await see()).toBe(id);
    const refused = await desk(`POST /findings/${id}/confirm`, { version });
    expect([refused.statusCode, refused.json()]).toEqual([
      409,
      expect.objectContaining({ state: 'pending_review', version: version + 1 }),
    ]);
  });
});
