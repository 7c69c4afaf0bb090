/** Camera onboarding, as the API returns it. */
import type { Said } from '../i18n/problems/problem-text.ts';
import type { Box, ViolationKind, ZoneKind } from './types.ts';

export type StreamAnswer =
  | {
      ok: true;
      codec: string;
      width: number;
      height: number;
      framesPerS: number | null;
      tookMs: number;
    }
  | { ok: false; cause: string };

export interface CameraProbe {
  id: string;
  state: 'waiting' | 'running' | 'done';
  /** Nobody has taken it up: no gateway runs. */
  unheard: boolean;
  main: StreamAnswer | null;
  sub: StreamAnswer | null;
  picture: { url: string; at: string } | null;
}

/** What is tested: a camera as it is, or addresses that are not saved yet. */
export interface ProbeQuestion {
  merchant: string;
  camera?: string;
  rtspUrl?: string;
  rtspSubUrl?: string | null;
}

export type LookVerdict = 'finding' | 'closer' | 'calm';

/** What a change would have done to the camera's last looks. */
export interface Effect {
  rules: {
    zoneKind: ZoneKind;
    kind: ViolationKind;
    minScore: number;
    minSizePx: number;
    k: number;
    n: number;
  }[];
  /** Newest first. */
  looks: {
    id: string;
    at: string;
    before: LookVerdict;
    after: LookVerdict;
    boxes: {
      kind: ViolationKind;
      box: Box;
      score: number;
      sizePx: number;
      before: boolean;
      after: boolean;
    }[];
  }[];
}

export type NoticeKind = 'sign' | 'staff';

export interface CameraNotice {
  id: string;
  kind: NoticeKind;
  note: string;
  recordedBy: string;
  recordedAt: string;
  photo: string | null;
}

/** One lens: its streams show the same picture, and no other source's do. */
export interface FoundSource {
  token: string;
  /** Largest first; without user and password. */
  streams: { url: string; codec: string; width: number; height: number }[];
  /** Codes of cameras of ours that show it. */
  known: string[];
}

export interface FoundCamera {
  host: string;
  name: string;
  model: string;
  /** One for a camera, one a channel for a recorder. */
  sources: FoundSource[];
  problem: '' | 'unauthorized' | 'unreachable' | 'unreadable' | 'outside' | 'ipv6';
  /** Codes of cameras of ours at this address, whichever source they show. */
  known: string[];
}

export interface CameraSearch {
  id: string;
  state: 'waiting' | 'running' | 'done';
  unheard: boolean;
  asked: number | null;
  found: FoundCamera[];
}

interface ImportCounts {
  created: number;
  updated: number;
  unchanged: number;
}

export interface ImportResult extends ImportCounts {
  dryRun: boolean;
  sections: Record<string, ImportCounts>;
  secrets: { gateway: string; username: string; password: string }[];
  /** The first of those that there are. */
  drawn: DrawnCamera[];
  drawnCount: number;
}

/** What an import changes of what is drawn into a camera's picture: how many, or limits by kind; null: nothing. */
export interface DrawnCamera {
  camera: string;
  row: number | null;
  timestampAreas: number | null;
  regionsOfInterest: number | null;
  ignoreAreas: number | null;
  privacyMasks: number | null;
  zoneAreas: number | null;
  minScores: Record<string, number> | null;
  minSizes: Record<string, number> | null;
}

export interface ImportError extends Said {
  /** Line of a CSV file. */
  row?: number;
  field: string;
}
