/** What GET /system says (services/api/schemas/system.ts). */
import type { CameraState } from '../../api/types.ts';

export const SYSTEM_PARTS = [
  'processes',
  'cameras',
  'gateways',
  'queue',
  'drops',
  'disk',
  'outbox',
  'messages',
  'steps',
  'history',
] as const;
export type SystemPart = (typeof SYSTEM_PARTS)[number];
export type SystemLevel = 'good' | 'warn' | 'bad' | 'unknown';

export interface RunningProcess {
  name: string;
  host: string;
  pid: number;
  startedAt: string;
  seenAt: string;
  alive: boolean;
  broker: boolean | null;
}

export interface SystemState {
  at: string;
  level: SystemLevel;
  parts: Record<SystemPart, SystemLevel>;
  processes: RunningProcess[];
  missing: string[];
  cameras: {
    watched: number;
    disabled: number;
    by: { state: CameraState; cause: string; count: number }[];
  };
  gateways: { online: number; offline: number; unknown: number; disabled: number };
  queue: { waiting: number; active: number } | null;
  looks: {
    open: { gathering: number; queued: number; burstWanted: number };
    oldestQueuedAt: string | null;
    decidedHour: number;
    lost: { outcome: 'dropped' | 'failed'; reason: string; hour: number; day: number; lastAt: string }[];
  };
  disk: {
    total: number | null;
    free: number | null;
    perDay: number | null;
    daysLeft: number | null;
    stored: { frames: number; clips: number; photos: number; documents: number };
    database: number;
  };
  models: {
    name: string;
    version: string;
    sha256: string;
    licence: string;
    loadedBy: number;
    figures: { code: string; value: number; of: number | null }[];
    verdicts: { confirmed: number; dismissed: number };
  }[];
  outbox: { pending: number; dead: number; oldestDueAt: string | null };
  messages: { pending: number; dead: number };
  steps: { overdue: number; repairedDay: number; lastFaultAt: string | null };
  history: { at: string; rows: number; chains: number; faults: number } | null;
}
