/** Two towns, a merchant with a camera in each, and findings on demand. */
import { createHash, randomUUID } from 'node:crypto';
import { recordFindings } from '../../services/db/findings.ts';
import { acceptLook } from '../../services/db/looks.ts';
import { loadCamera } from '../../services/db/registry.ts';
import { STARTING_RULES } from '../../services/domain/rules.ts';
import type { ViolationKind } from '../../services/domain/words.ts';
import type { Api } from './support.ts';

export interface World {
  county: string;
  east: string;
  west: string;
  eastMerchant: string;
  westMerchant: string;
  eastCamera: string;
  westCamera: string;
  eastGateway: string;
  westGateway: string;
}

export async function addWorld(api: Api): Promise<World> {
  const { db, sealer } = api.context;
  const region = async (code: string, path: string, parent: string | null) =>
    (
      await db
        .insertInto('region')
        .values({ code, path, parent_id: parent, level: parent === null ? 'county' : 'town', name: code })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id;
  const county = await region('county', 'county', null);
  const east = await region('east', 'county.east', county);
  // Its code begins with that of the other: paths must be compared part by part.
  const west = await region('east-west', 'county.east-west', county);
  const merchant = async (code: string, regionId: string) => {
    const merchantId = (
      await db
        .insertInto('merchant')
        .values({
          code,
          region_id: regionId,
          name: `merchant ${code}`,
          type: 'restaurant',
          licence_no: null,
          opening_hours: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
    ).id;
    const zone = await db
      .insertInto('zone')
      .values({ merchant_id: merchantId, code: 'kitchen', kind: 'cooking', name: '后厨' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const gateway = await db
      .insertInto('gateway')
      .values({
        code: `${code}-box`,
        region_id: regionId,
        merchant_id: merchantId,
        name: 'box',
        secret_hash: 'none',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const camera = await db
      .insertInto('camera')
      .values({
        code: `${code}-cam`,
        merchant_id: merchantId,
        zone_id: zone.id,
        name: `camera ${code}`,
        source: 'rtsp',
        gateway_id: null,
        rtsp_url_sealed: sealer.seal('rtsp://secretuser:secretpass@10.9.8.7:8554/live'),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return { merchantId, camera: camera.id, gateway: gateway.id };
  };
  const e = await merchant('em', east);
  const w = await merchant('wm', west);
  return {
    county,
    east,
    west,
    eastMerchant: e.merchantId,
    westMerchant: w.merchantId,
    eastCamera: e.camera,
    westCamera: w.camera,
    eastGateway: e.gateway,
    westGateway: w.gateway,
  };
}

/** A finding with two frames (the second shows it) and a clip, through the same code that workers use. */
export async function addFinding(
  api: Api,
  cameraId: string,
  at: Date,
  kind: ViolationKind = 'no_hat',
): Promise<string> {
  const { db, store } = api.context;
  const camera = await loadCamera(db, cameraId);
  const rule = STARTING_RULES.find((one) => one.kind === kind);
  if (camera === undefined || rule === undefined) throw new Error('no camera');
  const lookId = randomUUID();
  const put = async (text: string) => {
    const bytes = Buffer.from(text);
    const key = `evidence/${lookId}/${text.replaceAll(' ', '-')}`;
    await store.put(key, bytes);
    return { key, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  };
  const frame = async (text: string, offsetS: number) => ({
    ...(await put(text)),
    at: new Date(at.getTime() + offsetS * 1000).toISOString(),
    width: 1920,
    height: 1080,
  });
  const frames = [await frame('first frame', 0), await frame('second frame', 2)];
  const clip = {
    ...(await put('0123456789 clip')),
    codec: 'avc1.64001f',
    from: at.toISOString(),
    to: new Date(at.getTime() + 10_000).toISOString(),
  };
  await acceptLook(
    db,
    { id: lookId, cameraId, source: 'rtsp', capturedAt: at, frames, gathering: false },
    at,
  );
  const detection = {
    kind,
    verdict: 'yes',
    score: 0.9,
    box: [0.1, 0.1, 0.2, 0.3],
    sizePx: 200,
  } as const;
  const [first, second] = frames;
  if (first === undefined || second === undefined) throw new Error('no frames');
  const recorded = await recordFindings(
    db,
    {
      lookId,
      camera,
      capturedAt: at,
      frames: [
        { stored: first, detections: [] },
        { stored: second, detections: [detection] },
      ],
      clip,
      models: [{ name: 'heads', version: '0.1.0', sha256: 'ab' }],
      confirmed: [{ rule, score: 0.9 }],
    },
    at,
  );
  const id = recorded?.[0]?.id;
  if (id === undefined) throw new Error('no finding');
  return id;
}
