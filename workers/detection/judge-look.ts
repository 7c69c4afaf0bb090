import type { CameraView, LookJudge, TimedFrame } from '../../models/runtime/look-judge.ts';
import { type ConfirmedLook, recordFindings } from '../../services/db/findings.ts';
import { keepLookBoxes } from '../../services/db/look-boxes.ts';
import { closeLook, type LookRecord, loadQueuedLook, wantBurst } from '../../services/db/looks.ts';
import type { CameraRecord } from '../../services/db/registry.ts';
import type { StoredClip, StoredFrame } from '../../services/db/schema-watch.ts';
import { type SeenZone, zonesOf } from '../../services/domain/areas.ts';
import { confirmLook, isSuspicious } from '../../services/domain/confirm.ts';
import { isOpen } from '../../services/domain/hours.ts';
import { rulesFor, type ScopedRule } from '../../services/domain/rules.ts';
import { MOTION_BURST_FRAMES } from '../../services/domain/schedule.ts';
import type { Detection, ViolationKind } from '../../services/domain/words.ts';
import { evidenceKey } from '../../services/evidence/keys.ts';
import { ObjectMissing, type ObjectStore } from '../../services/evidence/object-store.ts';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { PictureError } from '../../services/media/picture-error.ts';
import { sentAs } from '../../services/media/raw-frame.ts';
import type { JudgeContext, Judgement } from './judge-context.ts';
import { judgeEdgeLook } from './judge-edge.ts';

/** A worker that died this often over one look does not get it again. */
const MAX_DEATHS = 3;

/** A zone of the picture with the rules that hold there now. */
interface Place extends SeenZone {
  rules: ScopedRule[];
}

interface SeenFrame {
  stored: StoredFrame;
  timed: TimedFrame;
  detections: Detection[];
}

/**
 * Judges one look: first frame alone; only when that is suspicious, or a rule asks for motion and the burst is there, the rest
 * of the burst; then k of n by the rules in force.
 * Whatever happens, the look gets exactly one outcome, however often this runs.
 * @throws when the database or the object store cannot be reached: the job is tried again
 */
export async function judgeLook(context: JudgeContext, lookId: string, deaths = 0): Promise<Judgement> {
  const { db, judge, registry, now } = context;
  const look = await loadQueuedLook(db, lookId);
  if (look === undefined) return 'gone';
  const tooOften = deaths >= MAX_DEATHS ? `a worker died ${deaths} times over this look` : undefined;
  if (look.edgeEventId !== null) return await judgeEdgeLook(context, look, look.edgeEventId, tooOften);
  if (tooOften !== undefined) return await fail(context, look, tooOften);
  const camera = await registry.camera(look.cameraId);
  if (camera === undefined) return await fail(context, look, 'the camera is not in the registry any more');
  // The gateway takes none of its looks; this one was on its way when the camera was taken out of service, or restored.
  if (camera.awaitsApproval) return await drop(context, look, 'nobody has approved what the camera sees yet');
  const places = await placesOf(context, camera, look.capturedAt);
  const rules = places.flatMap((place) => place.rules);
  const [firstStored, ...restStored] = distinct(look.frames);
  if (rules.length === 0 || firstStored === undefined) {
    return await calm(context, look, rules.length === 0 ? 'no rule applies here now' : 'no frame');
  }

  const moving = rules.some((rule) => judge.motionKinds?.includes(rule.kind));
  const kinds = [...new Set(rules.map((rule) => rule.kind))];
  const still = kinds.filter((kind) => !judge.motionKinds?.includes(kind));
  const first = await see(context, firstStored, still);
  if (first instanceof Error) return await fail(context, look, first.message);
  const shows = (seen: SeenFrame): boolean =>
    places.some((place) =>
      isSuspicious(
        seen.detections.filter(({ box }) => place.owns(box)),
        place.rules,
        camera,
      ),
    );
  const suspicious = shows(first);
  // Motion shows only between frames: a burst that is there is looked at whole, however calm its first frame.
  if (!suspicious && !(moving && restStored.length > 0)) {
    await keepBoxes(context, look, [first]);
    return await calm(context, look, 'nothing in the first frame');
  }
  if (suspicious && look.source === 'rtsp' && look.frames.length === 1 && !look.burstGivenUp) {
    await wantBurst(db, look.id, now());
    return 'burst_wanted';
  }

  const seen = [first];
  for (const stored of restStored) {
    const frame = await see(context, stored, suspicious ? still : []);
    if (!(frame instanceof Error)) seen.push(frame);
  }
  if (moving) await addMotion(judge, seen, camera);
  await keepBoxes(context, look, seen);
  const confirmed = confirmAll(judge, places, seen, camera);
  if (confirmed.length === 0) {
    if (!seen.some(shows)) return await calm(context, look, 'nothing in any frame');
    const best = confirmLook(seen.map(timedDetections), rules[0] as ScopedRule, camera);
    const done = await closeLook(db, look, 'unconfirmed', best.reason, now());
    await clearSpool(context, look);
    return done ? 'unconfirmed' : 'gone';
  }

  const kept = await keepEvidence(context.store, seen, look.clip);
  // Gone from the spool: another run of this job was quicker, or the store lost it. Either way there is one outcome.
  if (kept instanceof ObjectMissing) return await fail(context, look, kept.message);
  const recorded = await recordFindings(
    db,
    { lookId: look.id, camera, capturedAt: look.capturedAt, models: [...judge.models], confirmed, ...kept },
    now(),
  );
  await clearSpool(context, look);
  return recorded === undefined ? 'gone' : 'finding';
}

/** One picture counts once: a source that stands still sends the same bytes again and again. */
function distinct(frames: readonly StoredFrame[]): StoredFrame[] {
  const seen = new Set<string>();
  return frames.filter(({ sha256 }) => !seen.has(sha256) && seen.add(sha256));
}

/** The camera's zones: its own, and those drawn into its picture. */
async function placesOf({ registry, judge }: JudgeContext, camera: CameraRecord, at: Date): Promise<Place[]> {
  const all = await registry.rules();
  return zonesOf(camera).map((zone) => ({
    ...zone,
    rules: rulesFor(all, { regionPath: camera.regionPath, zoneKind: zone.zoneKind }, judge.kinds).filter(
      (rule) => rule.hours === 'always' || isOpen(camera.openingHours, camera.timeZone, at),
    ),
  }));
}

/** What a changed area or score would do is worked out from these later. */
async function keepBoxes({ db }: JudgeContext, look: LookRecord, seen: readonly SeenFrame[]): Promise<void> {
  const frames = seen.map(({ stored, detections }) => ({ at: stored.at, detections }));
  await keepLookBoxes(db, look, frames);
}

const timedDetections = ({ timed, detections }: SeenFrame) => ({ at: timed.at, detections });

/** Decodes a frame; judges it by itself for the kinds `alone`, if any. */
async function see(
  { store, judge }: JudgeContext,
  stored: StoredFrame,
  alone: readonly ViolationKind[],
): Promise<SeenFrame | Error> {
  try {
    const frame = sentAs(await decodeJpeg(await store.get(stored.key)), stored.sent);
    return {
      stored,
      timed: { at: new Date(stored.at), frame },
      detections: alone.length > 0 ? await judge.judgeFrame(frame, alone) : [],
    };
  } catch (error) {
    if (error instanceof PictureError || error instanceof ObjectMissing) return error;
    throw error;
  }
}

/** Adds what only the frames together show: those of a burst for motion; what a longer one adds is for staff. */
async function addMotion(judge: LookJudge, seen: SeenFrame[], camera: CameraView): Promise<void> {
  const timed = seen.slice(0, MOTION_BURST_FRAMES).map((frame) => frame.timed);
  const moved = (await judge.judgeLook?.(timed, camera)) ?? [];
  moved.forEach(({ detections }, i) => {
    seen[i]?.detections.push(...detections);
  });
}

/** Each zone by its own rules, over what was seen in it. */
function confirmAll(
  judge: LookJudge,
  places: readonly Place[],
  seen: readonly SeenFrame[],
  camera: CameraRecord,
): ConfirmedLook['confirmed'] {
  return places.flatMap(({ rules, owns, zoneId, zoneKind }) => {
    const frames = seen.map(({ timed, detections }) => ({
      at: timed.at,
      detections: detections.filter(({ box }) => owns(box)),
    }));
    return rules.flatMap((rule) => {
      const confirmation = confirmLook(frames, rule, camera);
      if (!confirmation.confirmed) return [];
      const models = judge.modelsOf?.(rule.kind) ?? judge.models;
      return [{ rule, score: confirmation.score, models, zone: { id: zoneId, kind: zoneKind, owns } }];
    });
  });
}

/** Gives frames and clip their lasting place before the rows that name them are committed. */
async function keepEvidence(
  store: ObjectStore,
  seen: readonly SeenFrame[],
  clip: StoredClip | null,
): Promise<Pick<ConfirmedLook, 'frames' | 'clip'> | ObjectMissing> {
  const keep = async <T extends { key: string }>(stored: T): Promise<T> => {
    const key = evidenceKey(stored.key);
    await store.copy(stored.key, key);
    return { ...stored, key };
  };
  try {
    const frames: ConfirmedLook['frames'] = [];
    for (const { stored, detections } of seen) frames.push({ stored: await keep(stored), detections });
    return { frames, clip: clip === null ? null : await keep(clip) };
  } catch (error) {
    if (error instanceof ObjectMissing) return error;
    throw error;
  }
}

async function calm(context: JudgeContext, look: LookRecord, reason: string): Promise<Judgement> {
  const done = await closeLook(context.db, look, 'calm', reason, context.now());
  await clearSpool(context, look);
  return done ? 'calm' : 'gone';
}

async function drop(context: JudgeContext, look: LookRecord, reason: string): Promise<Judgement> {
  const done = await closeLook(context.db, look, 'dropped', reason, context.now());
  await clearSpool(context, look);
  return done ? 'dropped' : 'gone';
}

async function fail(context: JudgeContext, look: LookRecord, reason: string): Promise<Judgement> {
  const done = await closeLook(context.db, look, 'failed', reason, context.now());
  await clearSpool(context, look);
  return done ? 'failed' : 'gone';
}

/** The look has its outcome: its spooled bytes are needed no more. What a crash leaves, the sweeper clears. */
async function clearSpool({ store }: JudgeContext, look: LookRecord): Promise<void> {
  const keys = look.frames.map(({ key }) => key);
  if (look.clip !== null) keys.push(look.clip.key);
  await Promise.all(keys.map((key) => store.remove(key)));
}
