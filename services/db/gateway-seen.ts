import { sql } from 'kysely';
import type { Database } from './database.ts';
import { appendEvent } from './events.ts';

/** A gateway that never sent a birth counts as offline after this silence, in seconds; the others have their will. */
export const SILENT_AFTER_S = 120;

export interface GatewaySighting {
  gatewayId: string;
  at: Date;
}

interface Changed {
  id: string;
  code: string;
  region_path: string;
  merchant_id: string | null;
}

/**
 * Notes when gateways were last heard of. One that was not online comes online by it, unless its death is younger than what
 * was heard: cheap boxes send pictures only, neither birth nor death.
 */
export async function gatewaysSeen(db: Database, sightings: readonly GatewaySighting[]): Promise<void> {
  if (sightings.length === 0) return;
  await db.transaction().execute(async (tx) => {
    const changed = await sql<Changed & { came_online: boolean }>`
      with seen as (
        select id, at from unnest(
          ${sightings.map((sighting) => sighting.gatewayId)}::uuid[],
          ${sightings.map((sighting) => sighting.at.toISOString())}::timestamptz[]
        ) as seen (id, at)
      ), before as (
        select gateway.id, gateway.state, gateway.state_since
        from gateway join seen using (id) order by gateway.id for update of gateway
      )
      update gateway set
        last_seen_at = greatest(gateway.last_seen_at, seen.at),
        state = case when before.state_since is null or before.state_since < seen.at then 'online' else gateway.state end,
        state_since = case when before.state <> 'online' and (before.state_since is null or before.state_since < seen.at)
                           then seen.at else gateway.state_since end
      from seen, before, region
      where gateway.id = seen.id and before.id = seen.id and region.id = gateway.region_id
      returning gateway.id, gateway.code, region.path as region_path, gateway.merchant_id,
                before.state <> 'online' and gateway.state = 'online' as came_online
    `.execute(tx);
    for (const row of changed.rows) if (row.came_online) await tell(tx, row, 'online');
  });
}

/** Gateways without a birth of which nothing was heard for SILENT_AFTER_S become offline. */
export async function silentGateways(db: Database, now: Date): Promise<void> {
  const before = new Date(now.getTime() - SILENT_AFTER_S * 1000);
  await db.transaction().execute(async (tx) => {
    const changed = await sql<Changed>`
      update gateway set state = 'offline', state_since = ${now}
      from region
      where region.id = gateway.region_id and gateway.state = 'online' and gateway.birth_sequence = 0
        and gateway.last_seen_at < ${before}
      returning gateway.id, gateway.code, region.path as region_path, gateway.merchant_id
    `.execute(tx);
    for (const row of changed.rows) await tell(tx, row, 'offline');
  });
}

/** Ids of the gateways that are known to be offline. */
export async function offlineGateways(db: Database): Promise<Set<string>> {
  const rows = await db.selectFrom('gateway').select('id').where('state', '=', 'offline').execute();
  return new Set(rows.map((row) => row.id));
}

async function tell(
  tx: Parameters<typeof appendEvent>[0],
  row: Changed,
  state: 'online' | 'offline',
): Promise<void> {
  await appendEvent(tx, {
    type: 'gateway.state',
    regionPath: row.region_path,
    merchantId: row.merchant_id,
    payload: { gatewayId: row.id, gatewayCode: row.code, state },
  });
}
