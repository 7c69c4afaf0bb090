/** Sizes in rules are pixels of the frame as its camera sent it, whichever way it came here. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { longerSidePx } from '../../models/runtime/kitchen-judge.ts';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { type Database, type OpenDatabase, openDatabase } from '../../services/db/database.ts';
import type { Box } from '../../services/domain/words.ts';
import { sha256 } from '../../services/evidence/keys.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import { openObjectStore } from '../../services/evidence/open.ts';
import { createLookIntake, type Frame } from '../../services/gateway/looks/intake.ts';
import { frameOf } from '../../services/gateway/rtsp/due-look.ts';
import { withNearest } from '../../services/media/decode.ts';
import { readJpegSize } from '../../services/media/jpeg-header.ts';
import { judgeLook } from '../../workers/detection/judge-look.ts';
import { createRegistryCache } from '../../workers/detection/registry-cache.ts';
import { forgetFindings } from '../support/forget.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { numberedPackets, type Size } from '../support/media.ts';
import { useTestDatabase } from '../support/postgres.ts';
import { plainJpeg, spoolLook } from '../support/spooled-look.ts';

const url = useTestDatabase();
const AT = new Date('2026-03-02T04:00:00Z');
/** 2K, wider than what is kept of a stream's picture. */
const SENT: Size = { width: 2560, height: 1440 };
/** 48 of its pixels; of 1920 they would be 36, and the rule asks 40. */
const HEAD: Box = [0.5, 0.5, 0.5 + 40 / SENT.width, 0.5 + 48 / SENT.height];

let opened: OpenDatabase;
let db: Database;
let folder: string;
let store: ObjectStore;
let kitchen: Kitchen;

beforeAll(async () => {
  opened = openDatabase(url());
  db = opened.db;
  folder = await mkdtemp(join(tmpdir(), 'mingzao-sent-'));
  store = openObjectStore({ kind: 'file', path: folder });
});
afterAll(async () => {
  await opened.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await forgetFindings(db);
  kitchen = await seedKitchen(db);
});

/** Sees the head in every frame. */
const judge: LookJudge = {
  kinds: ['no_hat'],
  models: [{ name: 'scripted', version: '1', sha256: '0'.repeat(64) }],
  judgeFrame: async (frame) => [
    { kind: 'no_hat', verdict: 'yes', score: 0.9, box: HEAD, sizePx: longerSidePx(HEAD, frame) },
  ],
  close: async () => {},
};
const judged = async (id: string) =>
  await judgeLook({ db, store, judge, registry: createRegistryCache(db), now: () => AT }, id);

async function taken(source: 'mqtt' | 'rtsp', frames: readonly Frame[]): Promise<string> {
  const id = crypto.randomUUID();
  const intake = createLookIntake({
    db,
    store,
    queue: { add: async () => {}, depth: async () => ({ waiting: 0, active: 0 }), close: async () => {} },
    now: () => AT,
    signal: new AbortController().signal,
    onError: (error) => {
      throw error;
    },
  });
  await intake.accept({ id, cameraId: kitchen.cameraId, source, frames });
  return id;
}

const sizes = async (): Promise<(number | undefined)[]> =>
  (await db.selectFrom('evidence').select('detail').execute()).map(({ detail }) =>
    Math.round(detail.detections?.[0]?.sizePx ?? 0),
  );

test('a head of 48 px in a 2K stream counts as in a 2K picture that a gateway sends', async () => {
  const packets = await numberedPackets(5, { size: SENT, framesPerS: 0.5, startMs: AT.getTime() });
  const times = packets.map(({ wallMs }) => wallMs);
  const streamed = await withNearest(packets, times, frameOf);
  expect(streamed.map(({ width, height }) => [width, height])).toEqual(Array(5).fill([1920, 1080]));
  expect(await judged(await taken('rtsp', streamed))).toBe('finding');
  expect(await sizes()).toEqual([48, 48, 48, 48, 48]);

  await forgetFindings(db);
  const sent: Frame[] = [];
  for (const [i, { wallMs }] of packets.entries()) {
    const bytes = await plainJpeg(20 + i, SENT.width, SENT.height);
    sent.push({ bytes, sha256: sha256(bytes), at: new Date(wallMs), ...readJpegSize(bytes) });
  }
  expect(await judged(await taken('mqtt', sent))).toBe('finding');
  expect(await sizes()).toEqual([48, 48, 48, 48, 48]);
});

test('of a frame that does not say what was sent its own pixels count', async () => {
  const jpegs = await Promise.all([0, 1, 2, 3, 4].map((i) => plainJpeg(40 + i, 1920, 1080)));
  expect(await judged(await spoolLook(db, store, kitchen.cameraId, AT, { jpegs }))).toBe('calm');
});
