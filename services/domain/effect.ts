/**
 * 规则效果: what drawn areas, scores and sizes would have done to a camera's last looks. Worked out from the boxes that were kept of them;
 * no picture is judged again.
 */
import { type ZoneArea, zonesOf } from './areas.ts';
import { confirmLook, counts, isSuspicious } from './confirm.ts';
import { type CameraAreas, rulesFor, type ScopedRule } from './rules.ts';
import {
  type Box,
  type FrameDetections,
  VIOLATION_KINDS,
  type ViolationKind,
  type ZoneKind,
} from './words.ts';

/** A camera, as far as it decides what counts. */
export interface CountingView extends CameraAreas {
  regionPath: string;
  zoneId: string;
  zoneKind: ZoneKind;
  zoneAreas: readonly ZoneArea[];
}

export interface KeptLook {
  lookId: string;
  capturedAt: Date;
  frames: readonly FrameDetections[];
}

/** `closer`: something counts, but not often enough; of a single frame, the rest of the burst would be looked at. */
export type LookVerdict = 'finding' | 'closer' | 'calm';

export interface BoxEffect {
  kind: ViolationKind;
  box: Box;
  score: number;
  sizePx: number;
  /** Whether it counts now, and with the change. */
  before: boolean;
  after: boolean;
}

export interface LookEffect {
  lookId: string;
  capturedAt: Date;
  before: LookVerdict;
  after: LookVerdict;
  /** Of its first frame that shows any. */
  boxes: BoxEffect[];
}

/** What would become of each look, in the order given. Opening hours are left out: these looks were judged. */
export function effectOf(
  looks: readonly KeptLook[],
  rules: readonly ScopedRule[],
  before: CountingView,
  after: CountingView,
): LookEffect[] {
  const [now, then] = [judgeOf(rules, before), judgeOf(rules, after)];
  return looks.map(({ lookId, capturedAt, frames }) => {
    const shown = frames.find(({ detections }) => detections.length > 0)?.detections ?? [];
    return {
      lookId,
      capturedAt,
      before: now.verdict(frames),
      after: then.verdict(frames),
      boxes: shown.map((detection) => ({
        kind: detection.kind,
        box: detection.box,
        score: detection.score,
        sizePx: detection.sizePx,
        before: now.counts(detection),
        after: then.counts(detection),
      })),
    };
  });
}

function judgeOf(all: readonly ScopedRule[], view: CountingView) {
  const places = zonesOf(view).map((zone) => ({
    ...zone,
    rules: rulesFor(all, { regionPath: view.regionPath, zoneKind: zone.zoneKind }, VIOLATION_KINDS),
  }));
  type Seen = FrameDetections['detections'][number];
  return {
    counts: (detection: Seen): boolean =>
      places.some(
        ({ rules, owns }) => owns(detection.box) && rules.some((rule) => counts(detection, rule, view)),
      ),
    verdict(frames: readonly FrameDetections[]): LookVerdict {
      let verdict: LookVerdict = 'calm';
      for (const { rules, owns } of places) {
        const own = frames.map(({ at, detections }) => ({
          at,
          detections: detections.filter(({ box }) => owns(box)),
        }));
        if (rules.some((rule) => confirmLook(own, rule, view).confirmed)) return 'finding';
        if (own.some(({ detections }) => isSuspicious(detections, rules, view))) verdict = 'closer';
      }
      return verdict;
    },
  };
}
