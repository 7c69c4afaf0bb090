import { claimCameras, LEASE_S, leasedCameras, releaseCameras } from '../../db/leases.ts';
import type { GatewayParts } from '../context.ts';

const RENEW_MS = 10_000;

export interface Leases {
  /** Ids of the cameras that this process may pull. */
  readonly held: ReadonlySet<string>;
  /** Ids of the cameras that any process pulls. */
  readonly leased: ReadonlySet<string>;
  /** Renews and claims now; `onChange` runs when what is held has changed. */
  renew(): Promise<void>;
  start(): void;
  /** Gives everything back. */
  close(): Promise<void>;
}

/**
 * Spreads the RTSP cameras over the gateway processes: each claims free ones up to its capacity and renews what it has. A
 * process that is killed loses its cameras when their leases end; one that stops gives them back at once.
 */
export function createLeases(
  parts: GatewayParts,
  options: { capacity: number; videoUrl: string; onChange: () => void },
): Leases {
  const { capacity, videoUrl, onChange } = options;
  const { gatewayId } = parts.config;
  let held: ReadonlySet<string> = new Set();
  let leased: ReadonlySet<string> = new Set();
  let renewedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const take = (next: ReadonlySet<string>): void => {
    const same = next.size === held.size && [...next].every((id) => held.has(id));
    held = next;
    if (!same) onChange();
  };
  const renewOnce = async (): Promise<void> => {
    const wanted = [...parts.registry.cameras.values()]
      .filter((entry) => entry.record.source === 'rtsp')
      .map((entry) => entry.record.id);
    try {
      const taken = await leasedCameras(parts.db);
      const keep = wanted.filter((id) => held.has(id));
      const free = wanted.filter((id) => !held.has(id) && !taken.has(id));
      const gone = [...held].filter((id) => !parts.registry.cameras.has(id));
      await releaseCameras(parts.db, gatewayId, gone);
      const wish = [...keep, ...free].slice(0, capacity);
      const mine = new Set(await claimCameras(parts.db, gatewayId, wish, videoUrl));
      renewedAt = performance.now();
      leased = new Set([...taken, ...mine]);
      take(mine);
    } catch (error) {
      parts.onError(error as Error);
      // Without the database nobody renews: another process may have taken them over.
      if (performance.now() - renewedAt > LEASE_S * 1000) take(new Set());
    }
  };
  const renew = (): Promise<void> => {
    if (closed) return Promise.resolve();
    running ??= renewOnce().finally(() => {
      running = undefined;
    });
    return running;
  };
  parts.registry.onChange(() => void renew());
  return {
    get held() {
      return held;
    },
    get leased() {
      return leased;
    },
    renew,
    start() {
      timer = setInterval(() => void renew(), RENEW_MS);
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await running;
      const mine = [...held];
      take(new Set());
      await releaseCameras(parts.db, gatewayId, mine).catch(parts.onError);
    },
  };
}
