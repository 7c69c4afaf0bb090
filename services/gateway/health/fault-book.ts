import { closeFault, makesBlind, openCameraFaults, openFault } from '../../db/camera-faults.ts';
import type { Database } from '../../db/database.ts';
import { addToStreak, PERSISTENCE, type Streak } from '../../domain/fault-streak.ts';
import type { FaultKind } from '../../domain/words.ts';
import type { CameraEntry } from '../registry/entry.ts';

/** One judgement of one camera and kind. */
export interface Judgement {
  kind: FaultKind;
  faulty: boolean;
  at: Date;
  /** Plain words; used when it is faulty. */
  cause?: string;
  detail?: Record<string, number>;
  /** The dead gateway behind it. */
  mutedBy?: string | null;
}

/**
 * Judgements in, device tickets out: remembers how long each fault has lasted and which tickets are open. Failing to write is
 * no disaster: the next judgement tries again.
 */
export interface FaultBook {
  /** Never rejects. */
  judge(entry: CameraEntry, judgement: Judgement): Promise<void>;
  /** A fault is suspected or known: worth a closer look. */
  suspects(cameraId: string, kinds: readonly FaultKind[]): boolean;
  /** Its looks are no observation. */
  isBlind(cameraId: string): boolean;
  /** Reads which tickets are open: other processes write some too. */
  refresh(): Promise<void>;
  /** Forgets cameras that this process watches no more. */
  keepOnly(isKnown: (cameraId: string) => boolean): void;
}

export function createFaultBook(db: Database, now: () => Date, onError: (error: Error) => void): FaultBook {
  let open = new Map<string, Set<FaultKind>>();
  const streaks = new Map<string, Map<FaultKind, Streak>>();
  /** Counts what was written here: a reading that was begun before is older than that. */
  let writes = 0;

  const has = (cameraId: string, kind: FaultKind): boolean => open.get(cameraId)?.has(kind) ?? false;
  const note = (cameraId: string, kind: FaultKind, isOpen: boolean): void => {
    writes += 1;
    const kinds = open.get(cameraId) ?? new Set();
    if (isOpen) kinds.add(kind);
    else kinds.delete(kind);
    open.set(cameraId, kinds);
  };

  return {
    suspects: (cameraId, kinds) =>
      kinds.some((kind) => has(cameraId, kind) || streaks.get(cameraId)?.get(kind)?.faulty === true),
    isBlind: (cameraId) => [...(open.get(cameraId) ?? [])].some(makesBlind),
    async judge({ record }, { kind, faulty, at, cause = '', detail = {}, mutedBy = null }) {
      const { id } = record;
      const kinds = streaks.get(id) ?? new Map<FaultKind, Streak>();
      // All is well, as nearly always: nothing to remember.
      if (!faulty && !has(id, kind)) return void kinds.delete(kind);
      const { streak, verdict } = addToStreak(kinds.get(kind), faulty, at, PERSISTENCE[kind]);
      kinds.set(kind, streak);
      streaks.set(id, kinds);
      try {
        if (verdict === 'open' && !has(id, kind)) {
          await openFault(db, record, { kind, since: streak.since, cause, detail, mutedBy }, now());
          note(id, kind, true);
        }
        if (verdict === 'close') {
          await closeFault(db, id, kind, now());
          note(id, kind, false);
          kinds.delete(kind);
        }
      } catch (error) {
        onError(error as Error);
      }
    },
    async refresh() {
      const before = writes;
      const rows = await openCameraFaults(db);
      if (writes !== before) return;
      open = new Map();
      for (const { cameraId, kind } of rows) {
        const kinds = open.get(cameraId) ?? new Set();
        open.set(cameraId, kinds.add(kind));
      }
    },
    keepOnly(isKnown) {
      for (const id of streaks.keys()) if (!isKnown(id)) streaks.delete(id);
    },
  };
}
