import { Type } from 'typebox';
import { PRECISION_GROUPS } from '../../db/precision.ts';
import { PROPOSAL_TYPES } from '../../domain/proposal.ts';
import {
  Box,
  CameraRef,
  Closed,
  Code,
  MerchantRef,
  Nullable,
  pageQuery,
  ShortCode,
  Time,
  Uuid,
  ViolationKind,
  ZoneRef,
} from './common.ts';
import { Evidence } from './finding.ts';

const count = Type.Integer({ minimum: 0 });
const share = Type.Number({ minimum: 0, maximum: 1 });

const counted = {
  confirmed: count,
  /** Dismissed, but for duplicates (those were right, only told twice); or confirmed, and the appeal against its task was upheld. */
  dismissed: count,
  /** confirmed ÷ (confirmed + dismissed); null without a verdict. */
  precision: Nullable(share),
  /** 95 % interval of the precision (Wilson). */
  low: share,
  high: share,
};

export const PrecisionRow = Type.Object(
  {
    kind: ViolationKind,
    camera: Nullable(CameraRef),
    model: Nullable(Type.Object({ name: Type.String(), version: Type.String() })),
    ...counted,
    /** All dismissals by reason, duplicates too; appeal_upheld: confirmed, and the appeal upheld. */
    reasons: Type.Record(Type.String(), count),
  },
  { title: 'Precision' },
);

export const PrecisionQuery = Type.Object(
  {
    group: Type.Enum([...PRECISION_GROUPS]),
    camera: Type.Optional(Code),
    merchant: Type.Optional(Code),
    region: Type.Optional(ShortCode),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  },
  Closed,
);

export const PrecisionAnswer = Type.Object(
  { from: Time, to: Time, items: Type.Array(PrecisionRow) },
  { title: 'PrecisionAnswer' },
);

/** `outdated`: the camera shows another view since; `decidedBy` is null. */
const ProposalState = Type.Enum(['open', 'accepted', 'declined', 'outdated']);

export const RuleProposal = Type.Object(
  {
    id: Uuid,
    type: Type.Enum([...PROPOSAL_TYPES]),
    state: ProposalState,
    kind: ViolationKind,
    camera: CameraRef,
    merchant: MerchantRef,
    zone: ZoneRef,
    /** Boxes in it would no longer count. */
    area: Nullable(Box),
    /** Detections below it would no longer count. */
    minScore: Nullable(share),
    /** The lowest score that counts now for this camera, where it has one of its own. */
    minScoreNow: Nullable(share),
    /** What it rests on: verdicts of the last 14 days, and what it would have done to those findings. */
    evidence: Type.Object({
      ...counted,
      dismissedDropped: count,
      confirmedDropped: count,
      findingIds: Type.Array(Uuid),
      boxes: Type.Array(Box),
    }),
    /** A frame of the newest finding that it would have dropped. */
    frame: Nullable(Evidence),
    createdAt: Time,
    /** When the evidence was counted last. Give it back with the decision. */
    updatedAt: Time,
    decidedAt: Nullable(Time),
    decidedBy: Nullable(Type.String()),
    note: Type.String(),
  },
  { title: 'RuleProposal' },
);

export const ProposalQuery = Type.Object(
  { ...pageQuery, state: Type.Optional(ProposalState), camera: Type.Optional(Code) },
  Closed,
);

/** An empty body will do. */
export const ProposalDecision = Nullable(
  Type.Object(
    {
      note: Type.Optional(Type.String({ maxLength: 2000, right: 'a note of at most 2000 characters' })),
      updatedAt: Type.Optional(Time),
    },
    Closed,
  ),
);
