/** A county for the page: merchants, cameras in every state, a gateway with refusals, findings with real pictures. */
import type { Database } from '../../../services/db/database.ts';
import { recordFindings } from '../../../services/db/findings.ts';
import { acceptLook } from '../../../services/db/looks.ts';
import { loadCamera } from '../../../services/db/registry.ts';
import type { StoredClip, StoredFrame } from '../../../services/db/schema-watch.ts';
import { countRefusal, setCameraState, updatePictures } from '../../../services/db/status.ts';
import { lookId } from '../../../services/domain/merge.ts';
import { STARTING_RULES } from '../../../services/domain/rules.ts';
import type { ViolationKind, ZoneKind } from '../../../services/domain/words.ts';
import { pictureKey, sha256 } from '../../../services/evidence/keys.ts';
import type { ObjectStore } from '../../../services/evidence/object-store.ts';
import { detectionsOn, FRAME, sceneFrame } from './scenes.ts';

export interface World {
  db: Database;
  store: ObjectStore;
  now: () => Date;
}

export interface SeededCamera {
  id: string;
  code: string;
  name: string;
}

const idOf = async (insert: { executeTakeFirstOrThrow(): Promise<{ id: string }> }): Promise<string> =>
  (await insert.executeTakeFirstOrThrow()).id;

/** One region. @returns its id */
export async function seedRegion({ db }: World): Promise<string> {
  return await idOf(
    db
      .insertInto('region')
      .values({ code: 'huojia', parent_id: null, path: 'huojia', level: 'county', name: '获嘉县' })
      .returning('id'),
  );
}

/** A merchant with one gateway and a camera in each of `zones` ([kind, name of zone and camera]). */
export async function seedMerchant(
  { db }: World,
  regionId: string,
  code: string,
  name: string,
  zones: [ZoneKind, string][],
): Promise<{ gatewayId: string; cameras: SeededCamera[] }> {
  const merchant_id = await idOf(
    db
      .insertInto('merchant')
      .values({ code, region_id: regionId, name, type: 'canteen', licence_no: null, opening_hours: null })
      .returning('id'),
  );
  const gatewayId = await idOf(
    db
      .insertInto('gateway')
      .values({
        code: `${code}-gw`,
        region_id: regionId,
        merchant_id,
        name: `${name}网关`,
        secret_hash: 'none',
        state: 'online',
        state_since: new Date(),
        last_seen_at: new Date(),
      })
      .returning('id'),
  );
  const cameras: SeededCamera[] = [];
  for (const [index, [kind, zoneName]] of zones.entries()) {
    const zone_id = await idOf(
      db
        .insertInto('zone')
        .values({ merchant_id, code: `z${index + 1}`, kind, name: zoneName })
        .returning('id'),
    );
    const camera = { code: `${code}-cam${index + 1}`, name: `${zoneName}${index + 1}号` };
    const id = await idOf(
      db
        .insertInto('camera')
        .values({
          ...camera,
          merchant_id,
          zone_id,
          source: 'mqtt',
          gateway_id: gatewayId,
          rtsp_url_sealed: null,
          removed_at: null,
        })
        .returning('id'),
    );
    cameras.push({ id, ...camera });
  }
  return { gatewayId, cameras };
}

/** Sets state and last picture of a camera. `photograph` undefined: it never sent one. */
export async function seedStatus(
  { db, store, now }: World,
  camera: SeededCamera,
  state: 'online' | 'offline' | 'frozen' | 'closed',
  cause: string,
  picture?: { photograph: number; ageS: number },
): Promise<void> {
  const record = await loadCamera(db, camera.id);
  if (record === undefined) throw new Error('no such camera');
  await setCameraState(db, record, state, cause, now());
  if (picture === undefined) return;
  const at = new Date(now().getTime() - picture.ageS * 1000);
  const key = pictureKey(camera.id);
  await store.put(key, (await sceneFrame(picture.photograph, 0)).jpeg, { overwrite: true });
  const sourceInfo = { ...FRAME, codec: 'mjpeg' };
  const update = { cameraId: camera.id, frameAt: at, lookAt: at, pictureKey: key, pictureAt: at, sourceInfo };
  await updatePictures(db, [update], now());
}

export interface SeedFinding {
  camera: SeededCamera;
  kind?: ViolationKind;
  photograph: number;
  /** Seconds before now. */
  ageS: number;
  /** Bytes and codec of a clip. */
  clip?: { bytes: Buffer; codec: string };
  frames?: number;
}

/** Records a finding the way a detection worker does: look, frames as received, evidence, alert, event. @returns its id */
export async function seedFinding(world: World, wanted: SeedFinding): Promise<string> {
  const { db, store, now } = world;
  const { camera, kind = 'no_hat', photograph, ageS, frames = 5 } = wanted;
  const capturedAt = new Date(now().getTime() - ageS * 1000);
  const record = await loadCamera(db, camera.id);
  const rule = STARTING_RULES.find((one) => one.kind === kind);
  if (record === undefined || rule === undefined) throw new Error('no such camera or rule');
  const seen: { stored: StoredFrame; detections: ReturnType<typeof detectionsOn> }[] = [];
  for (let i = 0; i < frames; i += 1) {
    const { jpeg, heads } = await sceneFrame(photograph, i);
    const hash = sha256(jpeg);
    const key = `evidence/${camera.id}-${capturedAt.getTime()}/${i}-${hash}.jpg`;
    await store.put(key, jpeg);
    const at = new Date(capturedAt.getTime() + i * 1500).toISOString();
    // The fourth frame shows nobody without a hat: 4 of 5.
    const detections = detectionsOn(heads, kind).map((one) =>
      i === 3 && one.verdict === 'yes' ? { ...one, verdict: 'uncertain' as const, score: 0.52 } : one,
    );
    seen.push({ stored: { key, sha256: hash, bytes: jpeg.length, at, ...FRAME }, detections });
  }
  const id = lookId(camera.id, capturedAt, 0, seen[0]?.stored.sha256 ?? '');
  const stored = seen.map((frame) => frame.stored);
  await acceptLook(
    db,
    { id, cameraId: camera.id, source: 'mqtt', capturedAt, frames: stored, gathering: false },
    now(),
  );
  const clip = wanted.clip === undefined ? null : await storeClip(world, id, capturedAt, wanted.clip);
  const recorded = await recordFindings(
    db,
    {
      lookId: id,
      camera: record,
      capturedAt,
      frames: seen,
      clip,
      models: [{ name: 'kitchen-heads', version: '0.1.0', sha256: 'a'.repeat(64) }],
      confirmed: [{ rule, score: 0.91 }],
    },
    now(),
  );
  const finding = recorded?.[0];
  if (finding === undefined) throw new Error('the look was decided before');
  return finding.id;
}

async function storeClip(
  { store }: World,
  look: string,
  at: Date,
  { bytes, codec }: { bytes: Buffer; codec: string },
): Promise<StoredClip> {
  const key = `evidence/${look}/clip.mp4`;
  await store.put(key, bytes);
  return {
    key,
    sha256: sha256(bytes),
    bytes: bytes.length,
    codec,
    from: new Date(at.getTime() - 5000).toISOString(),
    to: new Date(at.getTime() + 5000).toISOString(),
  };
}

export async function seedRefusals({ db, now }: World, gatewayId: string): Promise<void> {
  await countRefusal(db, gatewayId, 'too_large', '灶台1号: 3,204,118 bytes, at most 1,048,576', now(), 12);
  await countRefusal(db, gatewayId, 'unknown_camera', 'no camera with the code cam-99', now(), 3);
}
