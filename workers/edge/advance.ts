import type { Database } from '../../services/db/database.ts';
import { loadEdgeKind, recordUncheckedFinding } from '../../services/db/edge-findings.ts';
import {
  beginCheck,
  type EdgeWork,
  keepOnly,
  postponeEdgeEvent,
  settlePicture,
} from '../../services/db/edge-work.ts';
import { type CameraRecord, loadCameraInService, loadRules } from '../../services/db/registry.ts';
import { edgePlaces, placeOf } from '../../services/domain/edge-place.ts';
import { FAULT_KINDS } from '../../services/domain/words.ts';
import { normalisedBoxes } from '../../services/edge/boxes.ts';
import { spoolFrameKey } from '../../services/evidence/keys.ts';
import type { ObjectStore } from '../../services/evidence/object-store.ts';
import type { Outbound } from '../../services/outbound/request.ts';
import type { LookQueue } from '../../services/queue/look-queue.ts';
import { fetchPicture, PictureLost } from './fetch-picture.ts';

export interface EdgeContext {
  db: Database;
  store: ObjectStore;
  queue: LookQueue;
  outbound: Outbound;
  now: () => Date;
}

/** What a round made of one event. */
export type Advance = 'kept' | 'checking' | 'finding' | 'postponed' | 'gone';

/** Milliseconds before each further try to fetch a picture; after the last the alarm goes on without it. */
const TRY_AGAIN_MS = [2_000, 10_000, 30_000, 120_000] as const;

/** Of a camera that is not in service nothing is fetched, kept or found: why, on the event. */
const OUT_OF_SERVICE = { off: 'camera_off', removed: 'camera_removed', unknown: 'unknown_channel' } as const;

/**
 * Brings one event of an edge box a step on: asks whether its camera is in service, whether a rule looks for its kind then, in the zone that it points at, fetches its
 * picture, hands it to our own model; without a picture it becomes a finding that says so. Runs any number of times with the effect
 * of once.
 */
export async function advance(context: EdgeContext, event: EdgeWork): Promise<Advance> {
  const { db, now } = context;
  if (FAULT_KINDS.some((kind) => kind === event.kind)) {
    await keepOnly(db, event.id, 'camera_fault');
    return 'kept';
  }
  const camera = await loadCameraInService(db, event.cameraId);
  if (typeof camera === 'string') {
    await keepOnly(db, event.id, OUT_OF_SERVICE[camera]);
    return 'kept';
  }
  const kind = await loadEdgeKind(db, event.kind);
  const places = kind ? edgePlaces(kind, await loadRules(db), camera, event.happenedAt) : [];
  const boxes = normalisedBoxes(event.boxes, event.size ?? event.picture ?? undefined);
  const place = placeOf(places, boxes);
  if (place === undefined) {
    await keepOnly(db, event.id, 'no_rule');
    return 'kept';
  }
  const picture = await pictureOf(context, event);
  if (picture === 'postponed') return picture;
  if (picture !== undefined) return await check(context, { ...event, picture }, camera);
  const reason = event.pictureUrl === null ? 'no_picture' : 'picture_lost';
  const id = await recordUncheckedFinding(db, { event, camera, place, reason }, now());
  return id === undefined ? 'gone' : 'finding';
}

async function pictureOf(
  context: EdgeContext,
  event: EdgeWork,
): Promise<(EdgeWork['picture'] & {}) | 'postponed' | undefined> {
  if (event.picture !== null) return event.picture;
  if (event.pictureUrl === null || event.pictureState !== 'wanted') return undefined;
  try {
    const picture = await fetchPicture({ gatewayId: event.gatewayId, pictureUrl: event.pictureUrl }, context);
    await settlePicture(context.db, event.id, { picture });
    return picture;
  } catch (error) {
    const wait = TRY_AGAIN_MS[event.attempts - 1];
    const { message } = error as Error;
    if (error instanceof PictureLost || wait === undefined) {
      await settlePicture(context.db, event.id, { error: message });
      return undefined;
    }
    const at = new Date(context.now().getTime() + wait);
    await postponeEdgeEvent(context.db, event.id, at, message);
    return 'postponed';
  }
}

/** A look of its own for the picture; from here on workers/detection goes on. */
async function check(
  { db, store, queue, now }: EdgeContext,
  event: EdgeWork & { picture: NonNullable<EdgeWork['picture']> },
  camera: CameraRecord,
): Promise<Advance> {
  const { key, ...picture } = event.picture;
  const spooled = spoolFrameKey(event.id, picture.sha256);
  await store.copy(key, spooled);
  const frame = { key: spooled, at: event.happenedAt.toISOString(), ...picture };
  const lookId = await beginCheck(db, event, { source: camera.source, frame }, now());
  if (lookId === undefined) return 'gone';
  await queue.add(lookId);
  return 'checking';
}
