import type { Area, Box, CameraState, Corner, FaultKind, Named, ViolationKind, ZoneKind } from './types.ts';

/** Cameras and what is known of them, as the API returns it. */

export interface Zone extends Named {
  kind: ZoneKind;
}

export interface CameraStatus {
  state: CameraState;
  /** Plain words; empty when all is well. */
  cause: string;
  stateSince: string | null;
  lastFrameAt: string | null;
  width: number | null;
  height: number | null;
  codec: string | null;
}

/** An open device ticket. */
export interface CameraFault {
  id: string;
  kind: FaultKind;
  /** Plain words. */
  cause: string;
  since: string;
  /** Its gateway is gone, whose own ticket speaks for it. */
  muted: boolean;
  acknowledgedAt: string | null;
}

export const DECLINE_REASONS = ['wrong_aim', 'private_place', 'unclear', 'obstructed', 'other'] as const;

export type DeclineReason = (typeof DECLINE_REASONS)[number];

export interface Camera extends Named {
  source: 'rtsp' | 'mqtt';
  enabled: boolean;
  lookIntervalS: number;
  merchant: Named;
  zone: Zone;
  /** null: it is an RTSP camera. */
  gateway: Named | null;
  /** Host and port, without user and password. */
  rtspHost: string | null;
  /** Drawn on its picture, in 0..1 of it. */
  timestampAreas: Box[];
  regionsOfInterest: Area[];
  ignoreAreas: Area[];
  privacyMasks: Area[];
  zoneAreas: { zone: string; area: Area }[];
  metreLine: readonly [Corner, Corner] | null;
  minScores: Partial<Record<ViolationKind, number>>;
  /** Pixels. */
  minSizes: Partial<Record<ViolationKind, number>>;
  rtspSubHost: string | null;
  /** Nobody has approved what it sees: nothing is looked for. */
  awaitsApproval: boolean;
  /** When its address or gateway became another one; null: never. */
  sourceChangedAt: string | null;
  /** When the last sign and the last telling of staff were recorded. */
  signAt: string | null;
  staffToldAt: string | null;
  declined: { reason: DeclineReason; note: string; at: string; by: string } | null;
  status: CameraStatus;
  picture: { url: string; at: string; ageS: number } | null;
  /** Oldest first. */
  faults: CameraFault[];
  /** The picture that says where it shall look. */
  reference: { approvedAt: string; approvedBy: string | null; url: string | null } | null;
}

export const COVERAGE_KINDS = [
  'looked',
  'unchanged',
  'dropped',
  'blind',
  'frozen',
  'offline',
  'closed',
  'unaccounted',
] as const;

export type CoverageKind = (typeof COVERAGE_KINDS)[number];

/** How one camera was looked at between `from` and `to`. */
export interface Coverage {
  from: string;
  to: string;
  minutes: Record<CoverageKind, number>;
  /** 60 letters an hour: L looked, U unchanged, D dropped, F frozen, X blind, O offline, C closed, `.` unaccounted. */
  hours: { hour: string; minutes: string }[];
}
