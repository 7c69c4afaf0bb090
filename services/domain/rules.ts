import { type ZoneArea, zonesOf } from './areas.ts';
import { type Area, type TaskClass, VIOLATION_KINDS, type ViolationKind, type ZoneKind } from './words.ts';

/**
 * 规则: how one kind is looked for. Rules are data per region, zone and kind; the values below are only where a fresh
 * installation starts (domain.md, "What is looked for").
 */
export interface Rule {
  kind: ViolationKind;
  enabled: boolean;
  /** Confirmed when at least `k` of `n` frames of the look show the kind with verdict `yes`. 1 ≤ k ≤ n ≤ 8. */
  k: number;
  n: number;
  /** Seconds between the first and the last frame that show it. 0 means a single frame may do. */
  minDurationS: number;
  /** Longer side of the box in pixels of the frame as received. */
  minSizePx: number;
  /** Probability 0..1; a detection below it does not count as `yes`. */
  minScore: number;
  /** Looks of one camera and kind within this many minutes after the first become one finding. */
  mergeWindowMin: number;
  /** Findings a merchant is alerted of per local day; further ones are recorded without an alert. */
  dailyCap: number;
  /** `opening`: only in the merchant's opening hours. `always`: day and night. */
  hours: 'opening' | 'always';
  class: TaskClass;
}

/** A rule with its scope. `null` means "everywhere below" / "any zone". `regionPath` is dotted: county.town.grid. */
export interface ScopedRule extends Rule {
  regionPath: string | null;
  zoneKind: ZoneKind | null;
}

/** Lowest scores of one camera, by kind: they raise a rule's `minScore`, they never lower it. */
export type MinScores = Partial<Record<ViolationKind, number>>;

/** Smallest heads of one camera that count, pixels by kind: they raise a rule's `minSizePx`, they never lower it. */
export type MinSizes = Partial<Record<ViolationKind, number>>;

/** Where the boxes may lie: centre inside any of `regionsOfInterest` (all, if empty) and in none of `ignoreAreas`. */
export interface CameraAreas {
  regionsOfInterest: Area[];
  ignoreAreas: Area[];
  /** Absent: the rules' own. */
  minScores?: MinScores;
  minSizes?: MinSizes;
}

const common = { k: 3, n: 5, minDurationS: 5, minSizePx: 40, mergeWindowMin: 30, dailyCap: 12 } as const;

/**
 * Starting values. no_mask is mandatory only in a special room (专间) and in meal preparation (备餐); elsewhere it is advice
 * and therefore off (domain.md).
 */
export const STARTING_RULES: readonly ScopedRule[] = [
  {
    ...common,
    kind: 'no_hat',
    regionPath: null,
    zoneKind: null,
    enabled: true,
    minScore: 0.5,
    hours: 'opening',
    class: 2,
  },
  {
    ...common,
    kind: 'no_mask',
    regionPath: null,
    zoneKind: null,
    enabled: false,
    minScore: 0.5,
    hours: 'opening',
    class: 2,
  },
  ...(['special_room', 'meal_preparation'] as const).map(
    (zoneKind): ScopedRule => ({
      ...common,
      kind: 'no_mask',
      regionPath: null,
      zoneKind,
      enabled: true,
      minScore: 0.5,
      hours: 'opening',
      class: 2,
    }),
  ),
  {
    kind: 'rodent',
    regionPath: null,
    zoneKind: null,
    enabled: true,
    // Frames of one track: models/runtime/rodent asks five and a mean over all of them.
    k: 3,
    n: 8,
    minDurationS: 0.5,
    minSizePx: 10,
    minScore: 0.5,
    // One finding a camera and night.
    mergeWindowMin: 12 * 60,
    dailyCap: 6,
    hours: 'always',
    class: 1,
  },
];

/** True if `path` is `ancestor` or lies below it. Paths are dotted codes; `null` is the root of all. */
export function isWithin(path: string, ancestor: string | null): boolean {
  return ancestor === null || path === ancestor || path.startsWith(`${ancestor}.`);
}

/**
 * The rule in force for a camera: the deepest region wins; in the same region a rule for the zone beats a rule for all
 * zones. `undefined` when no rule speaks of this kind here: then the kind is not looked for.
 */
export function resolveRule(
  rules: readonly ScopedRule[],
  where: { regionPath: string; zoneKind: ZoneKind },
  kind: ViolationKind,
): ScopedRule | undefined {
  let best: ScopedRule | undefined;
  let bestRank = -1;
  for (const rule of rules) {
    if (rule.kind !== kind) continue;
    if (rule.zoneKind !== null && rule.zoneKind !== where.zoneKind) continue;
    if (!isWithin(where.regionPath, rule.regionPath)) continue;
    const depth = rule.regionPath === null ? 0 : rule.regionPath.split('.').length;
    const rank = depth * 2 + (rule.zoneKind === null ? 0 : 1);
    if (rank > bestRank) {
      best = rule;
      bestRank = rank;
    }
  }
  return best;
}

/** The enabled rules for a camera, one a kind at most. */
export function rulesFor(
  rules: readonly ScopedRule[],
  where: { regionPath: string; zoneKind: ZoneKind },
  kinds: readonly ViolationKind[],
): ScopedRule[] {
  const found: ScopedRule[] = [];
  for (const kind of kinds) {
    const rule = resolveRule(rules, where, kind);
    if (rule?.enabled) found.push(rule);
  }
  return found;
}

/** The enabled rules of all zones that a camera sees, drawn ones included: workers judge each part of a look by its own. */
export function rulesOfPicture(
  rules: readonly ScopedRule[],
  camera: { regionPath: string; zoneId: string; zoneKind: ZoneKind; zoneAreas: readonly ZoneArea[] },
): ScopedRule[] {
  const { regionPath } = camera;
  return zonesOf(camera).flatMap(({ zoneKind }) =>
    rulesFor(rules, { regionPath, zoneKind }, VIOLATION_KINDS),
  );
}
