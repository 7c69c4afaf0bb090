import type { Database } from '../../db/database.ts';
import { type Listener, listen } from '../../db/listen.ts';
import { type GatewayRecord, loadGateways } from '../../db/registry.ts';

const RETRY_MS = 1_000;

export interface GatewayDirectory {
  /** Resolves when the gateways were read once. */
  readonly loaded: Promise<void>;
  byCode(code: string): GatewayRecord | undefined;
  close(): Promise<void>;
}

/**
 * All gateways with their password hashes, in memory: signing in goes on while the database is away. Read again whenever
 * the registry changes; `onChange` runs after each reading.
 */
export function openGatewayDirectory(
  options: { db: Database; databaseUrl: string; onError: (error: Error) => void },
  onChange: () => void,
): GatewayDirectory {
  let gateways = new Map<string, GatewayRecord>();
  const loaded = Promise.withResolvers<void>();
  let reading = false;
  let again = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  const read = async (): Promise<void> => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    clearTimeout(retry);
    try {
      do {
        again = false;
        const rows = await loadGateways(options.db);
        gateways = new Map(rows.map((row) => [row.code, row]));
        loaded.resolve();
        if (!closed) onChange();
      } while (again && !closed);
    } catch (error) {
      if (!closed) {
        options.onError(error as Error);
        retry = setTimeout(() => void read(), RETRY_MS);
      }
    } finally {
      reading = false;
    }
  };
  const listener: Listener = listen(
    options.databaseUrl,
    ['mingzao_registry'],
    (_, table) => {
      // An empty payload: the connection was made (again), and calls may have been missed.
      if (['', 'gateway', 'region', 'merchant'].includes(table)) void read();
    },
    options.onError,
  );
  return {
    loaded: loaded.promise,
    byCode: (code) => gateways.get(code),
    async close() {
      closed = true;
      clearTimeout(retry);
      await listener.close();
    },
  };
}
