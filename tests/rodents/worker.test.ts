import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CameraView, LookJudge } from '../../models/runtime/look-judge.ts';
import { type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import type { Detection } from '../../services/domain/words.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { judgeLook } from '../../workers/detection/judge-look.ts';
import { createRegistryCache } from '../../workers/detection/registry-cache.ts';
import { serialJudge } from '../../workers/detection/serial-judge.ts';
import { seedKitchen } from '../support/kitchen.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { spoolLook } from '../support/spooled-look.ts';

const url = useTestDatabase();
const AT = new Date('2026-03-02T18:00:00Z');
const RAT: Detection = { kind: 'rodent', verdict: 'yes', score: 0.9, box: [0.4, 0.4, 0.5, 0.5], sizePx: 32 };

let opened: OpenDatabase;
let folder: string;
let store: ObjectStore;
let alone = 0;
let together: { frames: number; view: CameraView | undefined }[];

/** Calm in every single frame; a rat moves through the last `seen` of them. */
function judge(seen: number, verdict: Detection['verdict'] = 'yes'): LookJudge {
  return serialJudge({
    kinds: ['no_hat', 'rodent'],
    motionKinds: ['rodent'],
    models: [{ name: 'scripted', version: '1', sha256: '0'.repeat(64) }],
    async judgeFrame() {
      alone += 1;
      return [];
    },
    async judgeLook(frames, view) {
      together.push({ frames: frames.length, view });
      return frames.map(({ at }, i) => ({
        at,
        detections: i >= frames.length - seen ? [{ ...RAT, verdict }] : [],
      }));
    },
    async close() {},
  });
}

const run = async (
  by: LookJudge,
  look: Parameters<typeof spoolLook>[4],
  openingHours: string | null = null,
) => {
  const { db } = opened;
  const kitchen = await seedKitchen(db);
  await db
    .updateTable('merchant')
    .set({ opening_hours: openingHours })
    .where('id', '=', kitchen.merchantId)
    .execute();
  await db
    .updateTable('camera')
    .set({
      metre_line: JSON.stringify([
        [0.1, 0.9],
        [0.4, 0.9],
      ]),
    })
    .where('id', '=', kitchen.cameraId)
    .execute();
  const id = await spoolLook(db, store, kitchen.cameraId, AT, look);
  const context = { db, store, judge: by, registry: createRegistryCache(db), now: () => AT };
  const judgement = await judgeLook(context, id);
  const finding = await db
    .selectFrom('finding')
    .selectAll()
    .where('camera_id', '=', kitchen.cameraId)
    .executeTakeFirst();
  return { judgement, finding };
};

beforeAll(async () => {
  opened = openDatabase(url());
  folder = await mkdtemp(join(tmpdir(), 'mingzao-rodents-'));
  store = openObjectStore({ kind: 'file', path: folder });
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => {
  alone = 0;
  together = [];
});

const NIGHT_BURST = { source: 'rtsp', frames: 8, stepMs: 570 } as const;

test('a burst whose first frame is calm is still looked through for animals', async () => {
  const { judgement, finding } = await run(judge(5), NIGHT_BURST);
  expect(judgement).toBe('finding');
  expect(finding).toMatchObject({ kind: 'rodent', class: 1, state: 'pending_review' });
  expect(together.map(({ frames }) => frames)).toEqual([8]);
  expect(together[0]?.view?.metreLine).toEqual([
    [0.1, 0.9],
    [0.4, 0.9],
  ]);
});

test('motion is looked for in the burst that is made for it, not in the frames after it', async () => {
  await run(judge(5), { ...NIGHT_BURST, frames: 10 });
  expect(together.map(({ frames }) => frames)).toEqual([8]);
});

test('when the kitchen is closed nobody is asked for hats', async () => {
  const { judgement } = await run(judge(5), NIGHT_BURST, '{}');
  expect(judgement).toBe('finding');
  expect(alone).toBe(0);
});

test('two frames are not enough, and uncertain never is', async () => {
  expect((await run(judge(2), NIGHT_BURST)).judgement).toBe('unconfirmed');
  const unsure = await run(judge(8, 'uncertain'), NIGHT_BURST);
  expect(unsure.judgement).toBe('calm');
  expect(unsure.finding).toBeUndefined();
});

test('a single frame shows no motion, and no burst is asked for because of it', async () => {
  expect((await run(judge(1), { source: 'rtsp', frames: 1 })).judgement).toBe('calm');
  expect(together).toEqual([]);
});
