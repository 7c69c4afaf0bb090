/** An edge box's alarm on a camera with drawn zones: judged by the rules of the zone that it points at, and put down to it. */
import { randomUUID } from 'node:crypto';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LookJudge } from '../../models/runtime/look-judge.ts';
import { claimEdgeEvents } from '../../services/db/edge-work.ts';
import { hashGatewaySecret } from '../../services/db/gateway-secret.ts';
import type { StoredEdgeBox } from '../../services/db/schema-edge.ts';
import type { Box, Detection, ZoneKind } from '../../services/domain/words.ts';
import { allowedFrom } from '../../services/outbound/address.ts';
import { createOutbound } from '../../services/outbound/request.ts';
import { judgeLook } from '../../workers/detection/judge-look.ts';
import { createRegistryCache } from '../../workers/detection/registry-cache.ts';
import { type Advance, advance } from '../../workers/edge/advance.ts';
import { useApi } from '../api/support.ts';
import { type Kitchen, seedKitchen } from '../support/kitchen.ts';

const SECRET = 'a-secret-of-a-gateway';
/** Heads in the drawn zone, which is the left half of the picture, and in the camera's own. */
const LEFT: Box = [0.1, 0.1, 0.3, 0.5];
const RIGHT: Box = [0.7, 0.1, 0.9, 0.5];
const SIZE = { width: 640, height: 360 };
const api = useApi();
let kitchen: Kitchen;
let drawn: string;
let jpeg: string;
let queued: string[];

beforeAll(async () => {
  const plain = sharp({ create: { ...SIZE, channels: 3, background: '#667788' } });
  jpeg = (await plain.jpeg().toBuffer()).toString('base64');
});
/** A camera over the stoves that also sees the special room, where masks are demanded. */
beforeEach(async () => {
  kitchen = await seedKitchen(api().context.db, { secretHash: await hashGatewaySecret(SECRET) });
  drawn = await draw('special_room');
  queued = [];
});

/** @returns id of a zone that has the left half of the picture from now on */
async function draw(kind: ZoneKind): Promise<string> {
  const { db } = api().context;
  const { id } = await db
    .insertInto('zone')
    .values({ merchant_id: kitchen.merchantId, code: `z-${randomUUID().slice(0, 8)}`, kind, name: '凉菜间' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .updateTable('camera')
    .set({ zone_areas: JSON.stringify([{ zone: id, area: [0, 0, 0.5, 1] }]) })
    .where('id', '=', kitchen.cameraId)
    .execute();
  return id;
}

interface Said {
  kind: string;
  boxes?: { box: Box }[];
  picture?: string | null;
  /** Its format gives corners in pixels of the picture. */
  inPixels?: boolean;
}

const pixels = ({ corners: [x1, y1, x2, y2] }: StoredEdgeBox): StoredEdgeBox => ({
  unit: 'pixel',
  corners: [x1 * SIZE.width, y1 * SIZE.height, x2 * SIZE.width, y2 * SIZE.height],
});

/** A box says so, and the worker for edge boxes does what is due. */
async function alarm({ kind, boxes = [], picture = jpeg, inPixels = false }: Said): Promise<Advance[]> {
  const { context } = api();
  const response = await api().app.inject({
    method: 'POST',
    url: '/api/v1/edge/intake/auto',
    headers: {
      authorization: `Basic ${Buffer.from(`${kitchen.gatewayCode}:${SECRET}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    payload: {
      format: 'mingzao',
      id: randomUUID(),
      camera: kitchen.cameraCode,
      at: context.now().toISOString(),
      kind,
      boxes,
      ...(picture === null ? {} : { picture }),
    },
  });
  expect(response.statusCode, response.body).toBe(200);
  const queue = { add: async (id: string) => void queued.push(id) };
  const outbound = createOutbound(allowedFrom([]));
  const events = await claimEdgeEvents(context.db, 'test', context.now(), { count: 10, leaseS: 60 });
  return await Promise.all(
    events.map((event) =>
      advance(
        { ...context, outbound, queue: queue as never },
        inPixels ? { ...event, boxes: event.boxes.map(pixels) } : event,
      ),
    ),
  );
}

const seen = (kind: Detection['kind'], box: Box, verdict: Detection['verdict'] = 'yes'): Detection => ({
  kind,
  verdict,
  score: 0.9,
  box,
  sizePx: 180,
});

/** Our model sees this in the pictures that were queued. */
async function judge(...detections: Detection[]): Promise<unknown[]> {
  const { db, store, now } = api().context;
  const scripted: LookJudge = {
    kinds: ['no_hat', 'no_mask', 'rodent'],
    motionKinds: ['rodent'],
    models: [{ name: 'scripted', version: '1', sha256: '0'.repeat(64) }],
    judgeFrame: async () => [...detections],
    close: async () => {},
  };
  const context = { db, store, judge: scripted, registry: createRegistryCache(db), now };
  const judged = [];
  for (const id of queued.splice(0)) judged.push(await judgeLook(context, id));
  return judged;
}

const findings = async () =>
  await api()
    .context.db.selectFrom('finding')
    .select(['kind', 'zone_id'])
    .where('merchant_id', '=', kitchen.merchantId)
    .execute();
const outcomes = async () =>
  await api()
    .context.db.selectFrom('edge_event')
    .select(['outcome', 'reason', 'opinion'])
    .where('gateway_id', '=', kitchen.gatewayId)
    .execute();

test('boxes in pixels are those of the picture as it was sent, also when it is decoded smaller', async () => {
  const { db } = api().context;
  const sent = { width: 2560, height: 1440 };
  const plain = sharp({ create: { ...sent, channels: 3, background: '#667788' } });
  await alarm({
    kind: 'rodent',
    boxes: [{ box: LEFT }],
    picture: (await plain.jpeg().toBuffer()).toString('base64'),
  });
  const [x1, y1, x2, y2] = LEFT;
  const corners = [x1 * sent.width, y1 * sent.height, x2 * sent.width, y2 * sent.height];
  await db
    .updateTable('edge_event')
    .set({ boxes: JSON.stringify([{ unit: 'pixel', corners }]) })
    .where('gateway_id', '=', kitchen.gatewayId)
    .execute();
  expect(await judge()).toEqual(['finding']);
  const { detail } = await db.selectFrom('evidence').select('detail').executeTakeFirstOrThrow();
  expect(detail.detections).toMatchObject([{ kind: 'rodent', box: LEFT, sizePx: 576 }]);
});

describe('an alarm that points at a drawn zone', () => {
  test('is a finding of that zone, though the camera’s own looks for no masks', async () => {
    expect(await alarm({ kind: 'no_mask', boxes: [{ box: LEFT }] })).toEqual(['checking']);
    expect(await judge(seen('no_mask', LEFT))).toEqual(['finding']);
    expect(await findings()).toEqual([{ kind: 'no_mask', zone_id: drawn }]);
  });

  test('shows the heads of that zone, not those at the stoves', async () => {
    await alarm({ kind: 'no_hat', boxes: [{ box: LEFT }] });
    expect(await judge(seen('no_hat', RIGHT), seen('no_hat', LEFT))).toEqual(['finding']);
    const { detail } = await api()
      .context.db.selectFrom('evidence')
      .innerJoin('finding', 'finding.id', 'evidence.finding_id')
      .select('evidence.detail')
      .where('finding.zone_id', '=', drawn)
      .executeTakeFirstOrThrow();
    expect(detail.detections?.map(({ box }) => box)).toEqual([LEFT]);
  });

  test('also of a kind that no model of ours knows, and of one that both zones look for', async () => {
    await alarm({ kind: 'smoking', boxes: [{ box: LEFT }], picture: null });
    await alarm({ kind: 'no_hat', boxes: [{ box: LEFT }], picture: null });
    await alarm({ kind: 'no_hat', boxes: [{ box: RIGHT }], picture: null });
    expect(new Set((await findings()).map((one) => `${one.kind} ${one.zone_id}`))).toEqual(
      new Set([`smoking ${drawn}`, `no_hat ${drawn}`, `no_hat ${kitchen.zoneId}`]),
    );
  });

  test('is refuted when our model sees it only where no rule looks for it', async () => {
    await alarm({ kind: 'no_mask', boxes: [{ box: LEFT }] });
    expect(await judge(seen('no_mask', RIGHT))).toEqual(['calm']);
    expect(await outcomes()).toMatchObject([{ outcome: 'refuted', opinion: 'disagrees' }]);
  });

  test('holds when our box lies across the border, but over the alarm’s', async () => {
    await alarm({ kind: 'no_mask', boxes: [{ box: [0.3, 0.1, 0.6, 0.9] }] });
    expect(await judge(seen('no_mask', [0.5, 0.1, 0.6, 0.3]))).toEqual(['finding']);
    expect(await findings()).toEqual([{ kind: 'no_mask', zone_id: drawn }]);
  });
});

describe('an alarm that points elsewhere', () => {
  test('starts nothing where no rule looks for it', async () => {
    expect(await alarm({ kind: 'no_mask', boxes: [{ box: RIGHT }] })).toEqual(['kept']);
    expect(await outcomes()).toMatchObject([{ outcome: 'kept', reason: 'no_rule' }]);
  });

  test('in pixels of the picture that comes with it', async () => {
    const inPixels = true;
    expect(await alarm({ kind: 'no_mask', boxes: [{ box: RIGHT }], inPixels })).toEqual(['kept']);
    expect(await alarm({ kind: 'no_mask', boxes: [{ box: LEFT }], inPixels })).toEqual(['checking']);
  });
});

describe('an alarm without a box', () => {
  test('falls under the camera’s own zone, or the one whose rules look for it', async () => {
    await alarm({ kind: 'no_hat', picture: null });
    await alarm({ kind: 'no_mask', picture: null });
    expect(new Set((await findings()).map((one) => `${one.kind} ${one.zone_id}`))).toEqual(
      new Set([`no_hat ${kitchen.zoneId}`, `no_mask ${drawn}`]),
    );
  });

  test('is put down to the zone in which our model sees it', async () => {
    await alarm({ kind: 'no_hat' });
    expect(await judge(seen('no_hat', RIGHT, 'uncertain'), seen('no_hat', LEFT))).toEqual(['finding']);
    expect(await findings()).toEqual([{ kind: 'no_hat', zone_id: drawn }]);
  });
});
