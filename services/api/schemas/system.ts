/** 运行状态: whether all is well, and the figures behind it. Sizes in bytes. */
import { Type } from 'typebox';
import { SYSTEM_LEVELS, SYSTEM_PARTS } from '../../domain/system-health.ts';
import { CameraState, ModelRef, Nullable, Time } from './common.ts';

const count = Type.Integer({ minimum: 0 });
const bytes = Type.Number({ minimum: 0 });
const Level = Type.Enum([...SYSTEM_LEVELS], { title: 'SystemLevel' });

export const System = Type.Object(
  {
    at: Time,
    level: Level,
    parts: Type.Object(Object.fromEntries(SYSTEM_PARTS.map((part) => [part, Level])) as PartLevels),
    processes: Type.Array(
      Type.Object({
        name: Type.String(),
        host: Type.String(),
        pid: Type.Integer(),
        startedAt: Time,
        seenAt: Time,
        /** false: it went without a word. */
        alive: Type.Boolean(),
        broker: Nullable(Type.Boolean()),
      }),
    ),
    /** Names of processes of which none lives. */
    missing: Type.Array(Type.String()),
    cameras: Type.Object({
      /** Enabled ones. */
      watched: count,
      disabled: count,
      by: Type.Array(Type.Object({ state: CameraState, cause: Type.String(), count })),
    }),
    gateways: Type.Object({ online: count, offline: count, unknown: count, disabled: count }),
    /** null where the queue does not answer. */
    queue: Nullable(Type.Object({ waiting: count, active: count })),
    looks: Type.Object({
      /** Without an outcome yet, by state. */
      open: Type.Object({ gathering: count, queued: count, burstWanted: count }),
      /** When the one was queued that waits longest. */
      oldestQueuedAt: Nullable(Time),
      decidedHour: count,
      /** What was lost, by reason; the most of the day first. */
      lost: Type.Array(
        Type.Object({
          outcome: Type.Enum(['dropped', 'failed']),
          reason: Type.String(),
          hour: count,
          day: count,
          lastAt: Time,
        }),
      ),
    }),
    disk: Type.Object({
      /** null: the store is no folder of this machine. */
      total: Nullable(bytes),
      free: Nullable(bytes),
      /** Bytes a day by which the free space shrinks; null until a day was watched. */
      perDay: Nullable(Type.Number()),
      daysLeft: Nullable(count),
      stored: Type.Object({ frames: bytes, clips: bytes, photos: bytes, documents: bytes }),
      database: bytes,
    }),
    models: Type.Array(
      Type.Object({
        ...ModelRef.properties,
        licence: Type.String(),
        /** Detection workers that have it loaded. */
        loadedBy: count,
        figures: Type.Array(
          Type.Object({ code: Type.String(), value: Type.Number(), of: Nullable(Type.Number()) }),
        ),
        /** What people said of its findings in the last 30 days. */
        verdicts: Type.Object({ confirmed: count, dismissed: count }),
      }),
    ),
    outbox: Type.Object({ pending: count, dead: count, oldestDueAt: Nullable(Time) }),
    /** Of the last seven days. */
    messages: Type.Object({ pending: count, dead: count }),
    steps: Type.Object({ overdue: count, repairedDay: count, lastFaultAt: Nullable(Time) }),
    /** null: none yet, or not for this account. */
    history: Nullable(
      Type.Object({ at: Time, rows: Type.Integer(), chains: Type.Integer(), faults: Type.Integer() }),
    ),
  },
  { title: 'System' },
);
type PartLevels = Record<(typeof SYSTEM_PARTS)[number], typeof Level>;
