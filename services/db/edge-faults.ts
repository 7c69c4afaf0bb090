/**
 * Device tickets that edge boxes report: opened once the fault has lasted, closed when the box says no more of it. All of it is
 * measured from when we were told: a box whose clock is wrong must not blind hours in which the camera saw well.
 */
import { sql } from 'kysely';
import { type FaultWord, faultSince, stillSaid } from '../domain/edge-fault.ts';
import { FAULT_KINDS, type FaultKind } from '../domain/words.ts';
import { closeFaultIn, openFaultIn } from './camera-faults.ts';
import type { Database, Tx } from './database.ts';

/** What a box said longer ago is not read again: hours. */
const LOOK_BACK_H = 25;

interface Word extends FaultWord {
  cameraId: string;
  kind: FaultKind;
  /** The box's words. */
  text: string;
  /** The camera's gateway, when it is gone: its own ticket speaks. */
  gone: string | null;
}

/** May run in several processes at once: one of them does it. @returns tickets opened and closed */
export async function syncEdgeFaults(db: Database, now: Date): Promise<{ opened: number; closed: number }> {
  return await db.transaction().execute(async (tx) => {
    const lock = await sql<{ mine: boolean }>`select pg_try_advisory_xact_lock(7301996) as mine`.execute(tx);
    if (lock.rows[0]?.mine !== true) return { opened: 0, closed: 0 };
    return { closed: await closeOver(tx, now), opened: await openDue(tx, now) };
  });
}

async function openDue(tx: Tx, now: Date): Promise<number> {
  const result = await sql<Word>`
    select event.id, event.state, event.received_at as at, event.last_at as last, event.repeats, event.ended_at as ended,
      event.camera_id as "cameraId", event.kind, coalesce(nullif(event.label, ''), event.type) as text,
      case when gateway.state = 'offline' and gateway.enabled then gateway.id end as gone
    from edge_event as event
      join camera on camera.id = event.camera_id and camera.enabled and camera.removed_at is null
      left join gateway on gateway.id = camera.gateway_id
    where event.reason = 'camera_fault' and event.fault_id is null and event.kind = any (${[...FAULT_KINDS]}::text[])
      and event.last_at > ${new Date(now.getTime() - LOOK_BACK_H * 3_600_000)}
    order by event.camera_id, event.kind, event.received_at, event.id
  `.execute(tx);
  let opened = 0;
  for (const words of Map.groupBy(result.rows, ({ cameraId, kind }) => `${cameraId} ${kind}`).values()) {
    const [first] = words;
    if (first === undefined) continue;
    const { cameraId, kind, text, gone } = first;
    const since = faultSince(kind, words, now);
    const fault = {
      kind,
      cause: `the edge box says so: ${text}`,
      detail: {},
      mutedBy: kind === 'offline' ? gone : null,
      edgeEventId: first.id,
    };
    const id = since && (await openFaultIn(tx, cameraId, { ...fault, since }, now));
    if (id !== undefined) opened += 1;
    await joinTicket(tx, words, id);
  }
  return opened;
}

/** What was said belongs to the ticket that is open, whoever opened it: it opens no second one when that is closed. */
async function joinTicket(tx: Tx, words: readonly Word[], ticketId: string | undefined): Promise<void> {
  const ids = words.map(({ id }) => id);
  const [first] = words;
  await sql`
    update edge_event set fault_id = fault.id from camera_fault as fault
    where edge_event.id = any (${ids}::uuid[]) and fault.camera_id = ${first?.cameraId} and fault.kind = ${first?.kind}
      and (fault.id = ${ticketId ?? null}::uuid or fault.closed_at is null)
  `.execute(tx);
}

/** Tickets of boxes whose box no longer says so. While its gateway is gone nobody knows: it stays open. */
async function closeOver(tx: Tx, now: Date): Promise<number> {
  const open = await sql<FaultWord & { cameraId: string; kind: FaultKind; ticket: string }>`
    select fault.id as ticket, fault.camera_id as "cameraId", fault.kind,
      event.id, event.state, event.received_at as at, event.last_at as last, event.repeats, event.ended_at as ended
    from camera_fault as fault
      join edge_event as event on event.camera_id = fault.camera_id and event.kind = fault.kind
        and event.reason = 'camera_fault' and event.last_at >= fault.opened_at
      join gateway on gateway.id = event.gateway_id
    where fault.closed_at is null and fault.edge_event_id is not null and gateway.state <> 'offline'
    order by fault.id, event.received_at
  `.execute(tx);
  let closed = 0;
  for (const words of Map.groupBy(open.rows, ({ ticket }) => ticket).values()) {
    const [first] = words;
    if (first === undefined || words.some((word) => stillSaid(first.kind, word, now))) continue;
    if (await closeFaultIn(tx, first.cameraId, first.kind, now)) closed += 1;
  }
  return closed;
}
