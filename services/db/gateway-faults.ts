import { sql } from 'kysely';
import { isOpen, type OpeningHours } from '../domain/hours.ts';
import { tellClosed, tellOpened } from './camera-faults.ts';
import type { Database, Tx } from './database.ts';

/** A gateway that is gone for less than this, in seconds, gets no ticket: it only reconnects. */
const GATEWAY_GONE_S = 60;
/** Seconds after its return in which its cameras close their tickets by themselves; what is still silent then is told. */
const RETURN_S = 120;

/**
 * Inhibition: one ticket for a dead gateway instead of one a camera. Opens and closes tickets of gateways, mutes the offline
 * tickets of their cameras, and tells of those that are still open a while after the gateway came back. Also closes the
 * tickets of cameras that were removed or switched off. May run in several processes at once.
 */
export async function syncGatewayFaults(db: Database, now: Date): Promise<void> {
  const due = await gatewaysDue(db, now);
  await db.transaction().execute(async (tx) => {
    // One process at a time: the others find it done.
    const lock = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(7301995) as mine`.execute(tx);
    if (lock.rows[0]?.mine !== true) return;
    if (due.length > 0) await openForGateways(tx, due, now);
    await closeEnded(tx, now);
    await mute(tx);
    await unmute(tx, now);
  });
}

/** Gateways without a ticket that are gone for long enough, while their merchant is open. */
async function gatewaysDue(db: Database, now: Date): Promise<string[]> {
  const rows = await sql<{ id: string; opening_hours: OpeningHours | null; time_zone: string }>`
    select gateway.id, merchant.opening_hours, region.time_zone
    from gateway join region on region.id = gateway.region_id
      left join merchant on merchant.id = gateway.merchant_id
    where gateway.enabled and gateway.state = 'offline'
      and gateway.state_since <= ${new Date(now.getTime() - GATEWAY_GONE_S * 1000)}
      and not exists (select from camera_fault where gateway_id = gateway.id and closed_at is null)
  `.execute(db);
  return rows.rows.filter((row) => isOpen(row.opening_hours, row.time_zone, now)).map((row) => row.id);
}

async function openForGateways(tx: Tx, ids: string[], now: Date): Promise<void> {
  const opened = await sql<{ id: string }>`
    insert into camera_fault (gateway_id, kind, opened_at, cause, announced_at)
    select id, 'offline', state_since, 'the gateway is offline', ${now}
    from gateway where id = any (${ids}::uuid[]) and state = 'offline'
    on conflict do nothing
    returning id
  `.execute(tx);
  await tellOpened(
    tx,
    opened.rows.map(({ id }) => id),
  );
}

async function closeEnded(tx: Tx, now: Date): Promise<void> {
  const closed = await sql<{ id: string }>`
    update camera_fault as fault set closed_at = greatest(fault.opened_at, ${now})
    where fault.closed_at is null and (
      exists (select from gateway where gateway.id = fault.gateway_id and (gateway.state <> 'offline' or not gateway.enabled))
      or exists (select from camera where camera.id = fault.camera_id and (camera.removed_at is not null or not camera.enabled))
    )
    returning id
  `.execute(tx);
  await tellClosed(
    tx,
    closed.rows.map(({ id }) => id),
  );
}

async function mute(tx: Tx): Promise<void> {
  await sql`
    update camera_fault as fault set muted_by = gateway.id
    from camera join gateway on gateway.id = camera.gateway_id
    where fault.camera_id = camera.id and fault.closed_at is null and fault.kind = 'offline'
      and fault.muted_by is null and gateway.state = 'offline' and gateway.enabled
  `.execute(tx);
}

async function unmute(tx: Tx, now: Date): Promise<void> {
  const before = new Date(now.getTime() - RETURN_S * 1000);
  const rows = await sql<{ id: string; told: boolean }>`
    with back as (
      select fault.id, fault.announced_at is not null as told
      from camera_fault as fault join gateway on gateway.id = fault.muted_by
      where fault.closed_at is null and gateway.state <> 'offline' and gateway.state_since <= ${before}
      for update of fault
    )
    update camera_fault as fault set muted_by = null, announced_at = coalesce(fault.announced_at, ${now})
    from back where back.id = fault.id
    returning fault.id, back.told
  `.execute(tx);
  await tellOpened(
    tx,
    rows.rows.filter(({ told }) => !told).map(({ id }) => id),
  );
}
