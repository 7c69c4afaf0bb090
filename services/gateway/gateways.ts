import type { Database } from '../db/database.ts';
import { gatewaysSeen, offlineGateways, silentGateways } from '../db/gateway-seen.ts';

/** Which gateways are there, as far as this process knows. */
export interface Gateways {
  /** A message of it came. */
  saw(gatewayId: string, at: Date): void;
  isOffline(gatewayId: string): boolean;
  /** Writes what was seen, and reads what others know. */
  refresh(): Promise<void>;
  /** The same, in the background, soon. */
  refreshSoon(): void;
}

export function createGateways(db: Database, now: () => Date, onError: (error: Error) => void): Gateways {
  let seen = new Map<string, Date>();
  let offline: ReadonlySet<string> = new Set();
  const refresh = async (): Promise<void> => {
    const batch = seen;
    seen = new Map();
    try {
      await gatewaysSeen(
        db,
        [...batch].map(([gatewayId, at]) => ({ gatewayId, at })),
      );
      await silentGateways(db, now());
      offline = await offlineGateways(db);
    } catch (error) {
      for (const [id, at] of batch) if (!seen.has(id)) seen.set(id, at);
      throw error;
    }
  };
  return {
    saw: (gatewayId, at) => void seen.set(gatewayId, at),
    isOffline: (gatewayId) => offline.has(gatewayId),
    refresh,
    refreshSoon: () => void refresh().catch(onError),
  };
}
