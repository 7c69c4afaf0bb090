import { area as areaOf, centre, clip, containsPoint } from './boxes.ts';
import { confirmLook, counts } from './confirm.ts';
import { type Precision, precisionOf } from './precision.ts';
import type { CameraAreas, Rule } from './rules.ts';
import type { Box, FrameDetections, ViolationKind } from './words.ts';

/** What may be changed on a camera that keeps being wrong about one kind. */
export const PROPOSAL_TYPES = ['ignore_area', 'min_score'] as const;
export type ProposalType = (typeof PROPOSAL_TYPES)[number];

/** An area whose boxes never count, in 0..1; or the lowest score that counts, 0..1. */
export type ProposalChange = { area: Box } | { minScore: number };

/** What a proposal rests on, and what it would have done to the findings behind it. */
export interface ProposalEvidence {
  precision: Precision;
  dismissedDropped: number;
  confirmedDropped: number;
  /** Newest dismissed findings that it would have dropped, at most 20. */
  findingIds: string[];
  /** Boxes that were dismissed, in 0..1, at most 60: for the picture. */
  boxes: Box[];
}

export interface Proposal {
  type: ProposalType;
  change: ProposalChange;
  evidence: ProposalEvidence;
}

/** One finding with its verdict and all that was seen in its looks. */
export interface JudgedFinding {
  id: string;
  verdict: 'confirmed' | 'dismissed';
  verdictAt: Date;
  /** The rule as it was. */
  rule: Rule;
  looks: FrameDetections[][];
}

/** When a camera is called wrong, and what a change must do. Starting values [J]. */
export const PROPOSAL_LIMITS = {
  days: 14,
  minVerdicts: 5,
  /** A camera is wrong when the upper bound of its precision lies below. */
  maxPrecision: 0.6,
  minDismissedDropped: 0.8,
  minConfirmedKept: 0.95,
  /** Share of its sides by which an area is grown, and the largest share of the picture that it may cover. */
  grow: 0.1,
  maxArea: 0.15,
  /** Above this a camera would hardly find anything. */
  maxScore: 0.95,
} as const;

/**
 * Changes to one camera that its verdicts of one kind ask for. Findings that its areas and scores of today would not let
 * through any more say nothing, so what was accepted is not proposed again.
 * @param declinedAt when each type was last declined: older verdicts were answered by that
 */
export function propose(
  kind: ViolationKind,
  camera: CameraAreas,
  findings: readonly JudgedFinding[],
  declinedAt: Partial<Record<ProposalType, Date>> = {},
): Proposal[] {
  const current = findings.filter((finding) => isFound(finding, camera));
  return PROPOSAL_TYPES.flatMap((type) => {
    const since = declinedAt[type];
    const fresh = current.filter(({ verdictAt }) => since === undefined || verdictAt > since);
    const precision = precisionOf(count(fresh, 'confirmed'), count(fresh, 'dismissed'));
    if (precision.confirmed + precision.dismissed < PROPOSAL_LIMITS.minVerdicts) return [];
    if (precision.high >= PROPOSAL_LIMITS.maxPrecision) return [];
    const change = type === 'ignore_area' ? findArea(camera, fresh) : findScore(kind, camera, fresh);
    if (change === undefined) return [];
    const after = changed(camera, kind, change);
    const dropped = fresh.filter((finding) => !isFound(finding, after));
    const newest = dropped
      .filter(({ verdict }) => verdict === 'dismissed')
      .sort((a, b) => b.verdictAt.getTime() - a.verdictAt.getTime());
    const evidence: ProposalEvidence = {
      precision,
      dismissedDropped: newest.length,
      confirmedDropped: count(dropped, 'confirmed'),
      findingIds: newest.slice(0, 20).map(({ id }) => id),
      boxes: boxesOf(newest, camera).slice(0, 60),
    };
    return [{ type, change, evidence }];
  });
}

/** The camera as it would be with the change. */
export function changed(camera: CameraAreas, kind: ViolationKind, change: ProposalChange): CameraAreas {
  return 'area' in change
    ? { ...camera, ignoreAreas: [...camera.ignoreAreas, change.area] }
    : { ...camera, minScores: { ...camera.minScores, [kind]: change.minScore } };
}

/** Whether any look of the finding would be confirmed with these areas and scores. */
export function isFound({ rule, looks }: JudgedFinding, camera: CameraAreas): boolean {
  return looks.some((frames) => confirmLook(frames, rule, camera).confirmed);
}

function count(findings: readonly JudgedFinding[], verdict: JudgedFinding['verdict']): number {
  return findings.filter((finding) => finding.verdict === verdict).length;
}

/** Boxes that counted, of all frames. */
function boxesOf(findings: readonly JudgedFinding[], camera: CameraAreas): Box[] {
  return findings.flatMap(({ rule, looks }) =>
    looks
      .flat()
      .flatMap(({ detections }) => detections)
      .filter((detection) => counts(detection, rule, camera))
      .map(({ box }) => box),
  );
}

/**
 * The area around dismissed boxes that lie together: of all of them, or with as few left out as need be (those farthest from the
 * middle), at least 80 % of their centres, and no centre of a confirmed one.
 */
function findArea(camera: CameraAreas, findings: readonly JudgedFinding[]): ProposalChange | undefined {
  const of = (verdict: JudgedFinding['verdict']) =>
    boxesOf(
      findings.filter((finding) => finding.verdict === verdict),
      camera,
    );
  const confirmed = of('confirmed').map(centre);
  const dismissed = of('dismissed');
  const middle = [
    median(dismissed.map((box) => centre(box)[0])),
    median(dismissed.map((box) => centre(box)[1])),
  ];
  const distance = (box: Box): number => {
    const [x, y] = centre(box);
    return Math.hypot(x - (middle[0] ?? 0), y - (middle[1] ?? 0));
  };
  const nearest = [...dismissed].sort((a, b) => distance(a) - distance(b));
  const fewest = Math.ceil(nearest.length * PROPOSAL_LIMITS.minDismissedDropped);
  for (let taken = nearest.length; taken >= Math.max(1, fewest); taken -= 1) {
    const area = grown(nearest.slice(0, taken));
    if (areaOf(area) > PROPOSAL_LIMITS.maxArea) continue;
    if (confirmed.some((point) => containsPoint(area, point))) continue;
    return { area };
  }
  return undefined;
}

/** Smallest box around all of them, a little larger, to the thousandth of the picture. */
function grown(boxes: readonly Box[]): Box {
  const x1 = Math.min(...boxes.map((box) => box[0]));
  const y1 = Math.min(...boxes.map((box) => box[1]));
  const x2 = Math.max(...boxes.map((box) => box[2]));
  const y2 = Math.max(...boxes.map((box) => box[3]));
  const [dx, dy] = [(x2 - x1) * PROPOSAL_LIMITS.grow, (y2 - y1) * PROPOSAL_LIMITS.grow];
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  const [a, b, c, d] = clip([x1 - dx, y1 - dy, x2 + dx, y2 + dy]);
  return [round(a), round(b), round(c), round(d)];
}

/** The smallest score, in hundredths, that drops 80 % of the dismissed findings, if it keeps 95 % of the confirmed ones. */
function findScore(
  kind: ViolationKind,
  camera: CameraAreas,
  findings: readonly JudgedFinding[],
): ProposalChange | undefined {
  const share = (verdict: JudgedFinding['verdict'], minScore: number, wanted: boolean): number => {
    const all = findings.filter((finding) => finding.verdict === verdict);
    const after = changed(camera, kind, { minScore });
    const met = all.filter((finding) => isFound(finding, after) === wanted).length;
    return all.length === 0 ? 1 : met / all.length;
  };
  for (let hundredths = 1; hundredths / 100 <= PROPOSAL_LIMITS.maxScore; hundredths += 1) {
    const minScore = hundredths / 100;
    if (share('dismissed', minScore, false) < PROPOSAL_LIMITS.minDismissedDropped) continue;
    // A higher score would only lose more of them.
    return share('confirmed', minScore, true) >= PROPOSAL_LIMITS.minConfirmedKept ? { minScore } : undefined;
  }
  return undefined;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
