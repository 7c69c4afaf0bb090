import { loadLastFrames } from '../../db/camera-seen.ts';
import { syncGatewayFaults } from '../../db/gateway-faults.ts';
import { setCameraState } from '../../db/status.ts';
import type { CoverageCode } from '../../domain/coverage.ts';
import type { GatewayParts } from '../context.ts';
import { judgeState } from '../health/state-faults.ts';
import { isHopeless } from '../keep-trying.ts';
import { type CameraEntry, isClosed, isOutOfHours } from '../registry/entry.ts';
import { MINUTE_MS } from '../times.ts';
import { cameraState, type StateVerdict } from './camera-state.ts';
import type { CameraWatch } from './camera-watch.ts';

const TICK_MS = 1_000;
/** Milliseconds between looks at the gateways' state in the database. */
const GATEWAYS_MS = 2_000;
/** Milliseconds between looks at the tickets that are open. */
const FAULTS_MS = 5_000;
/** Milliseconds after which a burst ends with what it has. */
const BURST_MS = 12_000;
/** Minutes that are made up for when the ticker was held up; more is filled at the next start. */
const LATE_MINUTES = 60;

export interface Ticker {
  /** One round: states, bursts that waited long enough, letters of the minutes that ended. */
  tick(): Promise<void>;
  start(): void;
  stop(): void;
}

/** Whether this process speaks for a camera. */
export type Concern = 'watch' | 'nobody' | 'other';

/**
 * Says every second what state each camera is in, and once a minute which letter its minute gets.
 * @param concernOf `watch`: this process; `nobody`: no process pulls it, its minutes are dropped; `other`: another process
 */
export function createTicker(parts: GatewayParts, concernOf: (entry: CameraEntry) => Concern): Ticker {
  const said = new Map<string, StateVerdict>();
  const since = new Map<string, Date>();
  let minute = Math.floor(parts.now().getTime() / MINUTE_MS);
  let gatewaysAt = Number.NEGATIVE_INFINITY;
  let faultsAt = Number.NEGATIVE_INFINITY;
  let running = false;
  let timer: NodeJS.Timeout | undefined;

  const deadGatewayOf = ({ record: { gatewayId } }: CameraEntry): string | null =>
    gatewayId !== null && parts.gateways.isOffline(gatewayId) ? gatewayId : null;

  const verdictOf = (entry: CameraEntry, watch: CameraWatch, now: Date): StateVerdict | undefined => {
    const { record, intervalS } = entry;
    const watchedSince = since.get(record.id) ?? now;
    since.set(record.id, watchedSince);
    return cameraState({
      now,
      watchedSince,
      intervalS,
      closed: isClosed(entry, now),
      outOfHours: isOutOfHours(entry, now),
      gatewayOffline: deadGatewayOf(entry) !== null,
      lastSeenAt: watch.lastSeenAt,
      identicalSince: watch.identicalSince,
      frozenAfterS: parts.config.frozenAfterS,
      fault: watch.fault,
    });
  };

  /** With several gateway processes another one may hear the camera: ask before calling it offline. */
  async function askOthers(silent: CameraEntry[]): Promise<void> {
    const ids = silent.map((entry) => entry.record.id);
    for (const [id, at] of await loadLastFrames(parts.db, ids)) {
      if (at !== null) parts.watches.of(id).seenElsewhereAt = at;
    }
  }

  async function sayStates(now: Date): Promise<void> {
    const entries = [...parts.registry.cameras.values()].filter((entry) => concernOf(entry) === 'watch');
    const silent = entries.filter((entry) => {
      const verdict = verdictOf(entry, parts.watches.of(entry.record.id), now);
      return verdict?.state === 'offline' && said.get(entry.record.id)?.state !== 'offline';
    });
    await askOthers(silent.filter((entry) => entry.record.source === 'mqtt'));
    for (const entry of entries) {
      const { id } = entry.record;
      const watch = parts.watches.of(id);
      const verdict = verdictOf(entry, watch, now);
      const before = said.get(id);
      if (verdict === undefined) continue;
      // Whether a picture moves is known only to the process that gets it.
      const heard = watch.lastFrameAt?.getTime() === watch.lastSeenAt?.getTime();
      const deadGateway = deadGatewayOf(entry);
      const clockWrong = parts.clocks.isWrong(id, now);
      await judgeState(parts.faults, entry, verdict, { heard, deadGateway, clockWrong }, now);
      if (verdict.state === before?.state && verdict.cause === before.cause) continue;
      if (!heard && (verdict.state === 'online' || verdict.state === 'frozen')) continue;
      await setCameraState(parts.db, entry.record, verdict.state, verdict.cause, now).catch(unlessHopeless);
      said.set(id, verdict);
    }
    const watched = new Set(entries.map((entry) => entry.record.id));
    for (const id of said.keys()) if (!watched.has(id)) said.delete(id);
    for (const id of since.keys()) if (!watched.has(id)) since.delete(id);
  }

  function letterOf(entry: CameraEntry, ended: number): CoverageCode | undefined {
    const concern = concernOf(entry);
    if (concern === 'other') return undefined;
    const at = new Date(ended * MINUTE_MS);
    if (concern === 'nobody') return isClosed(entry, at) ? 'C' : 'D';
    const watch = parts.watches.of(entry.record.id);
    const watchedFromMs = since.get(entry.record.id)?.getTime() ?? Number.POSITIVE_INFINITY;
    // Before this process watched it, the minute was another's, or the camera did not exist.
    const accounted = watch.takeAccounted(ended);
    if (at.getTime() + MINUTE_MS <= watchedFromMs) return undefined;
    const state = said.get(entry.record.id)?.state;
    const pictures = state === 'online' || state === 'frozen';
    // Looks go on, in case the judgement is wrong; but they are no observation.
    if (pictures && parts.faults.isBlind(entry.record.id)) return 'X';
    if (accounted) return undefined;
    if (isClosed(entry, at)) return 'C';
    if (state === 'closed') return 'C';
    if (state === 'offline') return 'O';
    if (state === 'frozen') return 'F';
    return watch.lastSeenAt === undefined && watchedFromMs <= at.getTime() ? 'O' : 'D';
  }

  async function markMinutes(now: Date): Promise<void> {
    const current = Math.floor(now.getTime() / MINUTE_MS);
    const from = Math.max(minute, current - LATE_MINUTES);
    const marks: Promise<void>[] = [];
    for (let ended = from; ended < current; ended += 1) {
      for (const entry of parts.registry.cameras.values()) {
        const code = letterOf(entry, ended);
        const at = new Date(ended * MINUTE_MS);
        if (code !== undefined) marks.push(parts.coverage.mark({ cameraId: entry.record.id, at, code }));
      }
    }
    minute = current;
    await Promise.all(marks);
  }

  function endBursts(now: Date): Promise<void>[] {
    const ending: Promise<void>[] = [];
    for (const [cameraId, watch] of parts.watches.all) {
      const { burst } = watch;
      if (burst === undefined || now.getTime() - burst.startedAt.getTime() < BURST_MS) continue;
      const run = async (): Promise<void> => {
        if (watch.burst !== burst) return;
        await parts.intake.finish(burst.lookId);
        watch.burst = undefined;
      };
      ending.push(parts.lanes.submit(cameraId, { replaceable: false, run }));
    }
    return ending;
  }

  async function tick(): Promise<void> {
    const now = parts.now();
    const ending = endBursts(now);
    if (Math.abs(now.getTime() - gatewaysAt) >= GATEWAYS_MS) {
      await parts.gateways.refresh();
      gatewaysAt = now.getTime();
    }
    if (Math.abs(now.getTime() - faultsAt) >= FAULTS_MS) {
      await syncGatewayFaults(parts.db, now);
      await parts.faults.refresh();
      faultsAt = now.getTime();
    }
    await sayStates(now);
    await markMinutes(now);
    await Promise.all(ending);
  }

  return {
    tick,
    start() {
      timer = setInterval(() => {
        if (running) return;
        running = true;
        tick()
          .catch(parts.onError)
          .finally(() => {
            running = false;
          });
      }, TICK_MS);
    },
    stop: () => clearInterval(timer),
  };
}

/** A camera that was removed between reading and writing must not stop the others. */
function unlessHopeless(error: unknown): void {
  if (!isHopeless(error)) throw error;
}
