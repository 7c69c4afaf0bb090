/** Where what an edge box said holds: the zones of the camera whose rules look for its kind, and the one that it points at. Pure. */
import { type SeenZone, type ZoneArea, zonesOf } from './areas.ts';
import { isOpen, type OpeningHours } from './hours.ts';
import { type Rule, resolveRule, type ScopedRule } from './rules.ts';
import { type Box, type TaskClass, VIOLATION_KINDS, type ZoneKind } from './words.ts';

/** A rule for a kind that only boxes look for: its name is one of the table `finding_kind`. */
export type EdgeRule = Omit<Rule, 'kind'> & { kind: string };

/** A zone of the camera's picture with the rule that looks for the kind there and then. */
export interface EdgePlace extends SeenZone {
  rule: EdgeRule;
}

/**
 * Zones of the camera in which a rule looks for the kind at that time, its own first. The rule is that of our own models where they
 * know the kind; else one that asks nothing but opening hours, since the box has its own.
 * None: the kind is not looked for there and then, or nobody has approved what the camera sees.
 */
export function edgePlaces(
  kind: { code: string; class: TaskClass },
  rules: readonly ScopedRule[],
  camera: {
    regionPath: string;
    zoneId: string;
    zoneKind: ZoneKind;
    zoneAreas: readonly ZoneArea[];
    openingHours: OpeningHours | null;
    timeZone: string;
    awaitsApproval: boolean;
  },
  at: Date,
): EdgePlace[] {
  if (camera.awaitsApproval) return [];
  const { regionPath, openingHours, timeZone } = camera;
  const modelled = VIOLATION_KINDS.find((one) => one === kind.code);
  return zonesOf(camera).flatMap((zone): EdgePlace[] => {
    const rule =
      modelled === undefined
        ? { ...BOX_RULE, ...kind, kind: kind.code }
        : resolveRule(rules, { regionPath, zoneKind: zone.zoneKind }, modelled);
    if (!rule?.enabled) return [];
    return rule.hours === 'always' || isOpen(openingHours, timeZone, at) ? [{ ...zone, rule }] : [];
  });
}

/**
 * The place that an alarm points at by the middle of its boxes, the first that has a rule; of an alarm without boxes the first place,
 * which is the camera's own if that has a rule. Undefined: it points where no rule looks for it.
 */
export function placeOf(places: readonly EdgePlace[], boxes: readonly Box[]): EdgePlace | undefined {
  if (boxes.length === 0) return places[0];
  return boxes.flatMap((box) => places.filter(({ owns }) => owns(box)))[0];
}

const BOX_RULE = {
  enabled: true,
  k: 1,
  n: 1,
  minDurationS: 0,
  minSizePx: 0,
  minScore: 0,
  mergeWindowMin: 30,
  dailyCap: 12,
  hours: 'opening',
} as const;
