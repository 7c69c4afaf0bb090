/** What was judged in another view of a camera proposes nothing for the one that it shows now. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { loadCamera } from '../../services/db/registry.ts';
import { updatePictures } from '../../services/db/status.ts';
import { pictureKey } from '../../services/evidence/keys.ts';
import { proposeChanges } from '../../workers/detection/propose-changes.ts';
import { as, type Call, caller, signIn, useApi } from '../api/support.ts';
import { jpeg, noisy, view } from '../camera-health/support/scenes.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { addJudged, poster } from './judged.ts';

const HOUR = 3_600_000;
const api = useApi();
let kitchen: Kitchen;
let operator: Call;

const hoursAgo = (hours: number): Date => new Date(api().clock.now().getTime() - hours * HOUR);
const learn = () => proposeChanges({ db: api().context.db, now: api().clock.now });
const list = async (state: string) =>
  (await operator(`GET /rule-proposals?camera=${kitchen.cameraCode}&state=${state}`)).json<{
    items: { id: string; type: string; decidedBy: string | null; area: number[] | null }[];
  }>().items;
const accept = async (id: string) => await operator(`POST /rule-proposals/${id}/accept`);
const camera = async () => await loadCamera(api().context.db, kitchen.cameraId);

async function approve(picture: Buffer): Promise<void> {
  const { db, store } = api().context;
  api().clock.move(60_000);
  const at = api().clock.now();
  const key = pictureKey(kitchen.cameraId);
  await store.put(key, picture, { contentType: 'image/jpeg', overwrite: true });
  const update = { cameraId: kitchen.cameraId, frameAt: at, lookAt: at, pictureKey: key, pictureAt: at };
  await updatePictures(db, [{ ...update, sourceInfo: { width: 1280, height: 720 } }], at);
  expect((await operator(`POST /cameras/${kitchen.cameraCode}/reference`)).statusCode).toBe(200);
}

beforeAll(async () => void (await as(api(), 'operator', 'operator')));
beforeEach(async () => {
  kitchen = await seedKitchen(api().context.db);
  api().clock.move(24 * HOUR);
  operator = caller(api(), await signIn(api(), 'operator'));
  await approve(await jpeg(await view(3)));
  for (let i = 0; i < 8; i += 1) {
    await addJudged(api().context, kitchen.cameraId, {
      at: hoursAgo(3 + i),
      box: poster(i),
      verdict: 'not_a_person',
    });
  }
  await learn();
  expect((await list('open')).map(({ type }) => type).sort()).toEqual(['ignore_area', 'min_score']);
});

const WAYS = {
  'its pictures come from elsewhere': async () => {
    api().clock.move(60_000);
    await api()
      .context.db.updateTable('camera')
      .set({ source_changed_at: api().clock.now() })
      .where('id', '=', kitchen.cameraId)
      .execute();
  },
  'a person approved that it looks elsewhere': async () => await approve(await jpeg(await view(4))),
};

test.each(Object.entries(WAYS))(
  '%s: what was proposed is refused and over, and only new verdicts propose',
  async (_, change) => {
    await change();
    const [proposal] = await list('open');
    const refused = await accept(proposal?.id ?? '');
    expect(refused.json()).toMatchObject({
      status: 409,
      detail: 'The camera shows another view since this was counted.',
    });
    expect((await camera())?.ignoreAreas).toEqual([]);
    await learn();
    expect(await list('open')).toEqual([]);
    expect(await list('outdated')).toMatchObject([{ decidedBy: null }, { decidedBy: null }]);
    const history = await api()
      .context.db.selectFrom('history')
      .select(['from_state', 'to_state', 'actor_id'])
      .where('entity_id', '=', proposal?.id ?? '')
      .execute();
    expect(history).toEqual([{ from_state: 'open', to_state: 'outdated', actor_id: null }]);

    api().clock.move(10 * HOUR);
    operator = caller(api(), await signIn(api(), 'operator'));
    for (let i = 0; i < 6; i += 1) {
      await addJudged(api().context, kitchen.cameraId, {
        at: hoursAgo(1 + i),
        box: [0.2, 0.5, 0.3, 0.7],
        verdict: 'not_a_person',
      });
    }
    await learn();
    const area = (await list('open')).find(({ type }) => type === 'ignore_area');
    expect(area?.area?.[2]).toBeLessThan(0.4);
    expect((await accept(area?.id ?? '')).statusCode).toBe(200);
    expect((await camera())?.ignoreAreas).toEqual([area?.area]);
  },
);

test('approved anew without another view, what it taught stays', async () => {
  await approve(await jpeg(await noisy(await view(3), 4, 7)));
  await learn();
  const [proposal] = await list('open');
  expect((await accept(proposal?.id ?? '')).statusCode).toBe(200);
  expect(await list('outdated')).toEqual([]);
});
