import type { LookJudge } from '../../models/runtime/look-judge.ts';
import {
  boxScore,
  loadEdgeKind,
  recordCheckedFinding,
  recordRefuted,
  recordUncheckedFinding,
} from '../../services/db/edge-findings.ts';
import { type EdgeWork, keepOnly, loadChecked } from '../../services/db/edge-work.ts';
import { closeLook, type LookRecord } from '../../services/db/looks.ts';
import { area, intersection } from '../../services/domain/boxes.ts';
import { opinionOf, raisesFinding } from '../../services/domain/edge-event.ts';
import { type EdgePlace, type EdgeRule, edgePlaces, placeOf } from '../../services/domain/edge-place.ts';
import {
  type Box,
  type Detection,
  VIOLATION_KINDS,
  type ViolationKind,
} from '../../services/domain/words.ts';
import { normalisedBox, normalisedBoxes } from '../../services/edge/boxes.ts';
import { evidenceKey } from '../../services/evidence/keys.ts';
import { ObjectMissing } from '../../services/evidence/object-store.ts';
import { decodeJpeg } from '../../services/media/jpeg.ts';
import { PictureError } from '../../services/media/picture-error.ts';
import type { JudgeContext, Judgement } from './judge-context.ts';

/**
 * Checks an alarm of an edge box by its picture. Our model may agree, be unsure, or not know the kind at all (rodents show only
 * by moving; smoking is nothing it was taught): each makes a finding for a person to look at. Only a plain no refutes it.
 * @param unreadable why the picture must not be opened again; then the alarm counts without it
 */
export async function judgeEdgeLook(
  context: JudgeContext,
  look: LookRecord,
  eventId: string,
  unreadable?: string,
): Promise<Judgement> {
  const { db, store, judge, registry, now } = context;
  const event = await loadChecked(db, eventId);
  const camera = await registry.camera(look.cameraId);
  const kind = event && (await loadEdgeKind(db, event.kind));
  const stored = look.frames[0];
  const places = camera && kind ? edgePlaces(kind, await registry.rules(), camera, look.capturedAt) : [];
  const boxes = event ? normalisedBoxes(event.boxes, event.size ?? stored) : [];
  const place = placeOf(places, boxes);
  if (event === undefined || camera === undefined || place === undefined || stored === undefined) {
    const done = await closeLook(db, look, 'calm', 'no rule applies here now', now());
    await keepOnly(db, eventId, camera === undefined ? 'unknown_channel' : 'no_rule');
    return done ? 'calm' : 'gone';
  }
  let seen: Detection[];
  let size: { width: number; height: number };
  const modelled = knownTo(judge, event.kind);
  try {
    if (unreadable !== undefined) throw new PictureError('corrupt', unreadable);
    const frame = await decodeJpeg(await store.get(stored.key));
    // As it was sent: a large one is decoded smaller.
    size = { width: frame.originalWidth, height: frame.originalHeight };
    seen = modelled === undefined ? [] : await judge.judgeFrame(frame);
  } catch (error) {
    if (!(error instanceof PictureError || error instanceof ObjectMissing)) throw error;
    const id = await recordUncheckedFinding(db, { event, camera, place, reason: 'picture_lost' }, now());
    await closeLook(db, look, 'failed', error.message, now());
    return id === undefined ? 'gone' : 'finding';
  }
  const placed = seen
    .filter(({ kind }) => kind === event.kind)
    .flatMap((detection) => {
      const at = whereCounted(detection, places, { place, boxes });
      return at === undefined ? [] : [{ detection, at }];
    });
  const ours = placed.map(({ detection }) => detection);
  const opinion = opinionOf(
    ours.map(({ verdict }) => verdict),
    modelled !== undefined,
  );
  if (!raisesFinding(opinion)) {
    const done = await recordRefuted(db, event, 'calm', `our model sees no ${event.kind}`, now());
    await store.remove(stored.key);
    return done ? 'calm' : 'gone';
  }
  const agreed = ours.filter(({ verdict }) => verdict === 'yes');
  // An alarm that does not say where is put down to the zone in which our model sees it most plainly.
  const [plainest] = placed.toSorted((a, b) => plainness(b.detection) - plainness(a.detection));
  const at = boxes.length === 0 ? (plainest?.at ?? place) : place;
  // Heads in another zone say nothing of this alarm, unless it points at them.
  const shown = seen.filter(({ box }) => at.owns(box) || touches(boxes, box));
  const key = evidenceKey(stored.key);
  await store.copy(stored.key, key);
  const id = await recordCheckedFinding(
    db,
    {
      event,
      camera,
      place: at,
      opinion,
      frame: { stored: { ...stored, key }, detections: [...shown, ...claimed(event, ours, size)] },
      models: modelled === undefined ? [] : (judge.modelsOf?.(modelled) ?? judge.models),
      score: agreed.length > 0 ? Math.max(...agreed.map(({ score }) => score)) : boxScore(event),
    },
    now(),
  );
  await store.remove(stored.key);
  return id === undefined ? 'gone' : 'finding';
}

/** The kind, if our model can tell it on a single picture. */
function knownTo(judge: LookJudge, kind: string): ViolationKind | undefined {
  const known = VIOLATION_KINDS.find((one) => one === kind);
  return known !== undefined && judge.kinds.includes(known) && !judge.motionKinds?.includes(known)
    ? known
    : undefined;
}

/**
 * The place by whose rule a detection of ours counts: that which has its middle. Also what lies over a box of the alarm counts, although
 * its middle is across the border: the box may be drawn around a person, ours around a head. Undefined: it counts nowhere.
 */
function whereCounted(
  detection: Detection,
  places: readonly EdgePlace[],
  alarm: { place: EdgePlace; boxes: readonly Box[] },
): EdgePlace | undefined {
  const meant = touches(alarm.boxes, detection.box);
  const at = places.find(({ owns }) => owns(detection.box)) ?? (meant ? alarm.place : undefined);
  return at !== undefined && isCounted(detection, at.rule) ? at : undefined;
}

const touches = (boxes: readonly Box[], one: Box): boolean =>
  boxes.some((box) => area(intersection(box, one)) > 0);

function plainness({ verdict, score }: Detection): number {
  return { yes: 2, uncertain: 1, no: 0 }[verdict] + score;
}

/** A head too small to be judged says neither yes nor no. */
function isCounted(detection: Detection, rule: EdgeRule): boolean {
  return (
    detection.sizePx >= rule.minSizePx && (detection.verdict !== 'yes' || detection.score >= rule.minScore)
  );
}

/** The box's own boxes, drawn where ours say nothing: as its word, hence uncertain. */
function claimed(
  event: EdgeWork,
  ours: readonly Detection[],
  picture: { width: number; height: number },
): Detection[] {
  if (ours.length > 0) return [];
  return event.boxes.flatMap((one): Detection[] => {
    const box = normalisedBox(one, event.size ?? picture);
    if (box === undefined) return [];
    const [x1, y1, x2, y2] = box;
    const sizePx = Math.round(Math.max((x2 - x1) * picture.width, (y2 - y1) * picture.height));
    return [
      { kind: event.kind as ViolationKind, verdict: 'uncertain', score: one.score ?? 0.5, box, sizePx },
    ];
  });
}
