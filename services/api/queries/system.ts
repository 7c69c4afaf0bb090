/** Figures of the service as it runs, within an operator's regions. */
import { sql } from 'kysely';
import type { Database } from '../../db/database.ts';
import { type Actor, isUnlimited } from '../../domain/access.ts';
import type { CameraState } from '../../domain/words.ts';
import { inScope, within } from '../scope.ts';
import { causeGroup } from './cameras.ts';

const OF_CAMERA = { regionPath: 'region.path', merchantId: 'merchant.id', cameraId: 'camera.id' };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Reasons that are told; a fault that says something else each time must not fill the page. */
const MOST_REASONS = 20;
/** Milliseconds after which a next step that was due counts as overdue: as the auditor's grace. */
const GRACE_MS = 60_000;

export async function camerasByCause(db: Database, actor: Actor) {
  const { rows } = await sql<{ state: CameraState; cause: string; enabled: boolean; count: number }>`
    select coalesce(status.state, 'unknown') as state, ${causeGroup('status.cause')} as cause, camera.enabled,
           count(*)::int as count
    from camera
    join merchant on merchant.id = camera.merchant_id
    join region on region.id = merchant.region_id
    left join camera_status as status on status.camera_id = camera.id
    where camera.removed_at is null and ${inScope(actor, OF_CAMERA)}
    group by 1, 2, 3 order by count(*) desc, 1, 2
  `.execute(db);
  const enabled = rows.filter((row) => row.enabled);
  const sum = (some: typeof rows): number => some.reduce((all, { count }) => all + count, 0);
  return {
    watched: sum(enabled),
    disabled: sum(rows.filter((row) => !row.enabled)),
    by: enabled.map(({ state, cause, count }) => ({ state, cause, count })),
  };
}

export async function gatewaysByState(db: Database, actor: Actor) {
  const { rows } = await sql<{ state: 'online' | 'offline' | 'unknown' | 'disabled'; count: number }>`
    select case when gateway.enabled then gateway.state else 'disabled' end as state, count(*)::int as count
    from gateway
    join region on region.id = gateway.region_id
    left join merchant on merchant.id = gateway.merchant_id
    where ${inScope(actor, { regionPath: 'region.path', merchantId: 'gateway.merchant_id' })}
    group by 1
  `.execute(db);
  const states = { online: 0, offline: 0, unknown: 0, disabled: 0 };
  for (const { state, count } of rows) states[state] = count;
  return states;
}

export async function openLooks(db: Database, actor: Actor) {
  const { rows } = await sql<{
    gathering: number;
    queued: number;
    burstWanted: number;
    oldest: Date | null;
  }>`
    select count(*) filter (where look.state = 'gathering')::int as gathering,
           count(*) filter (where look.state = 'queued')::int as queued,
           count(*) filter (where look.state = 'burst_wanted')::int as "burstWanted",
           min(look.state_at) filter (where look.state = 'queued') as oldest
    from look
    join camera on camera.id = look.camera_id
    join merchant on merchant.id = camera.merchant_id
    join region on region.id = merchant.region_id
    where look.state <> 'decided' and ${inScope(actor, OF_CAMERA)}
  `.execute(db);
  return rows[0] ?? { gathering: 0, queued: 0, burstWanted: 0, oldest: null };
}

/**
 * Looks that were decided in the last hour, and those that were lost, by reason. Of a day only what was lost is counted: a county
 * decides millions.
 */
export async function decidedLooks(db: Database, actor: Actor, now: Date) {
  const hour = new Date(now.getTime() - HOUR_MS);
  const day = new Date(now.getTime() - DAY_MS);
  const places = sql`join camera on camera.id = look.camera_id
    join merchant on merchant.id = camera.merchant_id
    join region on region.id = merchant.region_id`;
  // Who sees all of them needs no places: the index alone answers.
  const everywhere = isUnlimited(actor);
  const [all, lost] = await Promise.all([
    sql<{ hour: number }>`
      select count(*)::int as hour from look ${everywhere ? sql`` : places}
      where look.state = 'decided' and look.decided_at >= ${hour}
        and ${everywhere ? sql`true` : inScope(actor, OF_CAMERA)}
    `.execute(db),
    sql<{ outcome: 'dropped' | 'failed'; reason: string; hour: number; day: number; lastAt: Date }>`
      select look.outcome, coalesce(look.reason, '') as reason,
             count(*) filter (where look.decided_at >= ${hour})::int as hour, count(*)::int as day,
             max(look.decided_at) as "lastAt"
      from look ${places}
      where look.outcome in ('dropped', 'failed') and look.decided_at >= ${day} and ${inScope(actor, OF_CAMERA)}
      group by 1, 2 order by count(*) desc, 2 limit ${MOST_REASONS}
    `.execute(db),
  ]);
  return { hour: all.rows[0]?.hour ?? 0, lost: lost.rows };
}

/** Deliveries that wait or died. `oldest`: since when the one waits that should have gone first. */
export async function outboxState(db: Database, actor: Actor, now: Date) {
  const { rows } = await sql<{ pending: number; dead: number; oldest: Date | null }>`
    select count(*) filter (where outbox.state = 'pending')::int as pending,
           count(*) filter (where outbox.state = 'dead')::int as dead,
           min(outbox.created_at) filter (
             where outbox.state = 'pending' and outbox.replay_id is null and webhook.enabled and outbox.created_at <= ${now}
           ) as oldest
    from outbox join event on event.id = outbox.event_id join webhook on webhook.id = outbox.webhook_id
    where outbox.state in ('pending', 'dead') and ${within('event.region_path', actor.regionPath)}
  `.execute(db);
  return rows[0] ?? { pending: 0, dead: 0, oldest: null };
}

/** Messages to people of the last seven days. */
export async function messageState(db: Database, actor: Actor, now: Date) {
  const place = { regionPath: 'region.path', merchantId: 'notification.merchant_id' };
  const { rows } = await sql<{ pending: number; dead: number }>`
    select count(*) filter (where message.state = 'pending')::int as pending,
           count(*) filter (where message.state = 'dead')::int as dead
    from message
    where message.state in ('pending', 'dead') and message.created_at >= ${new Date(now.getTime() - 7 * DAY_MS)}
      and exists (select from notification join region on region.id = notification.region_id
                  where notification.message_id = message.id and ${inScope(actor, place)})
  `.execute(db);
  return rows[0] ?? { pending: 0, dead: 0 };
}

/** Next steps of tasks that are due and were not taken, and what the auditor repaired in the last day. */
export async function stepState(db: Database, actor: Actor, now: Date) {
  const place = { regionPath: 'region.path', merchantId: 'task.merchant_id', cameraId: 'finding.camera_id' };
  const overdue = new Date(now.getTime() - GRACE_MS);
  const day = new Date(now.getTime() - DAY_MS);
  const { rows } = await sql<{ overdue: number; repaired: number; last: Date | null }>`
    select (select count(*)::int from task join region on region.id = task.region_id
              join finding on finding.id = task.finding_id
            where task.next_step_at < ${overdue} and ${inScope(actor, place)}) as overdue,
           count(*) filter (where step_fault.at >= ${day})::int as repaired, max(step_fault.at) as last
    from step_fault join task on task.id = step_fault.task_id join region on region.id = task.region_id
      join finding on finding.id = task.finding_id
    where ${inScope(actor, place)}
  `.execute(db);
  return rows[0] ?? { overdue: 0, repaired: 0, last: null };
}

export async function lastCheck(db: Database) {
  return await db.selectFrom('history_check').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
}
