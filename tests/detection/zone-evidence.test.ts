/** A camera that sees two zones: what a finding shows, and what is learned from it, is what was seen in its own. */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { mergeFindings } from '../../services/db/finding-merge.ts';
import { dismissFinding } from '../../services/db/verdicts.ts';
import type { Box, Detection } from '../../services/domain/words.ts';
import { judgeLook } from '../../workers/detection/judge-look.ts';
import { proposeChanges } from '../../workers/detection/propose-changes.ts';
import { createRegistryCache } from '../../workers/detection/registry-cache.ts';
import { addAccount, type Call, caller, signIn, useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';
import { plainJpeg, spoolLook } from '../support/spooled-look.ts';

const HOUR = 3_600_000;
/** A head in the special room, which is drawn as the left half of the picture, and one at the stoves. */
const LEFT: Box = [0.1, 0.1, 0.2, 0.3];
const RIGHT: Box = [0.8, 0.6, 0.9, 0.8];
const api = useApi();
let kitchen: Kitchen;
let drawn: string;
let inspector: Call;
/** Account of the inspector. */
let judge: string;

beforeEach(async () => {
  const { db } = api().context;
  kitchen = await seedKitchen(db);
  const { id } = await db
    .insertInto('zone')
    .values({ merchant_id: kitchen.merchantId, code: 'cold', kind: 'special_room', name: '凉菜间' })
    .returning('id')
    .executeTakeFirstOrThrow();
  drawn = id;
  await db
    .updateTable('camera')
    .set({ zone_areas: JSON.stringify([{ zone: id, area: [0, 0, 0.5, 1] }]) })
    .where('id', '=', kitchen.cameraId)
    .execute();
  const name = `inspector-${randomUUID().slice(0, 8)}`;
  judge = await addAccount(api(), name, 'inspector', { regionId: kitchen.regionId });
  inspector = caller(api(), await signIn(api(), name));
});

const seen = (kind: Detection['kind'], box: Box): Detection => ({
  kind,
  verdict: 'yes',
  score: 0.8,
  box,
  sizePx: 90,
});

/** A look whose five frames all show these. @returns ids of its findings by zone */
async function look(at: Date, ...detections: Detection[]): Promise<Map<string, string>> {
  const { db, store, now } = api().context;
  const scripted: LookJudge = {
    kinds: ['no_hat', 'no_mask'],
    models: [{ name: 'scripted', version: '1', sha256: '0'.repeat(64) }],
    judgeFrame: async () => [...detections],
    close: async () => {},
  };
  const shade = Math.floor(at.getTime() / HOUR) % 200;
  const jpegs = await Promise.all([0, 1, 2, 3, 4].map((i) => plainJpeg(shade + i * 10)));
  const id = await spoolLook(db, store, kitchen.cameraId, at, { jpegs });
  const context = { db, store, judge: scripted, registry: createRegistryCache(db), now };
  expect(await judgeLook(context, id)).toBe('finding');
  const rows = await db
    .selectFrom('finding')
    .innerJoin('finding_look', 'finding_look.finding_id', 'finding.id')
    .select(['finding.id', 'finding.zone_id'])
    .where('finding_look.look_id', '=', id)
    .execute();
  return new Map(rows.map((row) => [row.zone_id, row.id]));
}

interface Shown {
  evidence: { detections: { kind: string; box: number[] }[] }[];
}
const boxesOf = async (id: string | undefined) =>
  (await inspector(`GET /findings/${id}`)).json<Shown>().evidence.map(({ detections }) => detections);

test('each zone’s finding shows the heads of its zone alone', async () => {
  const found = await look(api().clock.now(), seen('no_hat', LEFT), seen('no_hat', RIGHT));
  const of = (box: Box) => Array(5).fill([expect.objectContaining({ kind: 'no_hat', box: [...box] })]);
  expect(await boxesOf(found.get(drawn))).toEqual(of(LEFT));
  expect(await boxesOf(found.get(kitchen.zoneId))).toEqual(of(RIGHT));
});

test('of two that were merged a further look shows the heads of both zones', async () => {
  const { db, now } = api().context;
  const start = api().clock.now().getTime() - 24 * HOUR;
  const found = await look(new Date(start), seen('no_hat', LEFT), seen('no_hat', RIGHT));
  const known = (zone: string) => ({ id: found.get(zone) ?? '', version: 1 });
  const command = { into: known(drawn), findings: [known(kitchen.zoneId)], actorId: judge, note: '' };
  const merged = await db.transaction().execute((tx) => mergeFindings(tx, command, now()));
  expect(merged).toMatchObject({ done: true });
  await look(new Date(start + HOUR / 6), seen('no_hat', LEFT), seen('no_hat', RIGHT));
  const boxes = (await boxesOf(found.get(drawn))).map((shown) => shown.map(({ box }) => box[0]));
  const [left, right] = [[LEFT[0]], [RIGHT[0]]];
  expect(boxes.slice(0, 10).toSorted()).toEqual([...Array(5).fill(left), ...Array(5).fill(right)]);
  expect(boxes.slice(10)).toEqual(Array(5).fill([LEFT[0], RIGHT[0]]));
});

test('a poster in the special room is proposed to be ignored, whoever cooks without a mask beside it', async () => {
  const { db } = api().context;
  for (let i = 0; i < 6; i += 1) {
    const at = new Date(api().clock.now().getTime() - (3 + i) * HOUR);
    const cook: Box = [0.55 + 0.06 * i, 0.6, 0.6 + 0.06 * i, 0.7];
    const found = await look(at, seen('no_mask', LEFT), seen('no_mask', cook));
    expect([...found.keys()], 'at the stoves no mask is asked for').toEqual([drawn]);
    const command = {
      findingId: found.get(drawn) ?? '',
      actorId: randomUUID(),
      version: undefined,
      note: '',
    };
    await dismissFinding(db, { ...command, reason: 'not_a_person' }, at);
  }
  await proposeChanges({ db, now: api().clock.now });
  const proposals = await db
    .selectFrom('rule_proposal')
    .select(['type', 'change', 'evidence'])
    .where('camera_id', '=', kitchen.cameraId)
    .where('type', '=', 'ignore_area')
    .execute();
  expect(proposals).toMatchObject([{ change: { area: [0.09, 0.08, 0.21, 0.32] } }]);
  expect(new Set(proposals[0]?.evidence.boxes.map((box) => box.join(' ')))).toEqual(
    new Set([LEFT.join(' ')]),
  );
});
