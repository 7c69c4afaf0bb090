import { sql } from 'kysely';
import { type Actor, may } from '../../domain/access.ts';
import type { Notice } from '../../domain/notice-text.ts';
import {
  firstHabits,
  type NotifyChannel,
  type NotifyFacts,
  type NotifyHabits,
  type NotifyPolicy,
} from '../../domain/notify.ts';
import { OWED_STATES } from '../../domain/task-life.ts';
import type { FaultKind, FindingState, TaskClass, TaskState, ViolationKind } from '../../domain/words.ts';
import type { Database, Tx } from '../database.ts';

/** One notification that waits, with everything that decides about it and everything that it says. */
export interface WaitingItem {
  id: string;
  facts: NotifyFacts;
  notice: Notice;
  occurrence: number;
  regionPath: string;
}

interface Row {
  id: string;
  topic: NotifyFacts['topic'];
  about: string;
  class: TaskClass;
  channel: NotifyChannel;
  occurrence: number;
  created_at: Date;
  region_path: string;
  time_zone: string;
  merchant_id: string | null;
  place: string;
  region: string;
  account: (Omit<Actor, 'accountId'> & { id: string; disabled: boolean }) | null;
  camera_id: string | null;
  target_ok: boolean;
  target_habits: NotifyHabits | null;
  account_habits: NotifyHabits | null;
  alert_kind: ViolationKind | null;
  acknowledged: boolean;
  finding_id: string | null;
  finding_state: FindingState | null;
  task_id: string | null;
  task_number: string | null;
  task_state: TaskState | null;
  /** After the alert. */
  task_taken: boolean;
  /** Whenever it was. */
  task_signed: boolean;
  acknowledge_by: Date | null;
  submit_by: Date | null;
  zone: string | null;
  camera: string | null;
  gateway: string | null;
  fault_kind: FaultKind | null;
  fault_closed: boolean;
  fault_muted: boolean;
  fault_told: boolean;
}

/** The notifications of one group that wait, oldest first, locked for the one who gathers them. */
export async function lockWaiting(
  tx: Tx,
  group: { targetId: string; groupKey: string },
  policyOf: (regionPath: string) => NotifyPolicy,
): Promise<WaitingItem[]> {
  const locked = await sql<{ id: string }>`
    select id::text from notification
    where target_id = ${group.targetId} and group_key = ${group.groupKey} and state = 'waiting'
    order by id for update skip locked
  `.execute(tx);
  return await readItems(
    tx,
    locked.rows.map(({ id }) => id),
    policyOf,
  );
}

/** Items of a message that was gathered before: what they say now decides whether it is still worth sending. */
export async function readGathered(
  db: Database,
  messageId: string,
  policyOf: (regionPath: string) => NotifyPolicy,
): Promise<WaitingItem[]> {
  const rows = await db.selectFrom('notification').select('id').where('message_id', '=', messageId).execute();
  return await readItems(
    db,
    rows.map(({ id }) => id),
    policyOf,
  );
}

async function readItems(
  db: Database | Tx,
  ids: readonly string[],
  policyOf: (regionPath: string) => NotifyPolicy,
): Promise<WaitingItem[]> {
  if (ids.length === 0) return [];
  const result = await sql<Row>`
    select notification.id::text, notification.topic, notification.about, notification.class, notification.channel,
           notification.occurrence, notification.created_at, notification.merchant_id,
           region.path as region_path, region.time_zone,
           coalesce(merchant.name, fault_gateway.name, region.name) as place, region.name as region,
           fault_gateway.name as gateway,
           case when account.id is null then null else jsonb_build_object('id', account.id, 'username', account.username,
             'role', account.role, 'regionPath', home.path, 'merchantId', account.merchant_id, 'disabled', account.disabled,
             'assignedMerchantIds', case when account.role = 'cadre' then (select coalesce(jsonb_agg(merchant_id), '[]')
               from cadre_merchant where account_id = account.id and until is null) end,
             'cameraIds', case when account.camera_limited then (select coalesce(jsonb_agg(camera_id), '[]')
               from account_camera where account_id = account.id) end) end as account,
           camera.id as camera_id,
           target.enabled and target.removed_at is null as target_ok,
           target.habits as target_habits, setting.habits as account_habits,
           alert.kind as alert_kind,
           alert.acknowledged_at is not null or coalesce(fault.acknowledged_at is not null, false) as acknowledged,
           alert.finding_id, finding.state as finding_state,
           task.id as task_id, task.number as task_number, task.state as task_state,
           -- A finding that was added to a task already taken (并案) is news: what was taken was what stood there before.
           coalesce(task.acknowledged_at > alert.created_at, false) as task_taken,
           task.acknowledged_at is not null as task_signed,
           task.acknowledge_by, task.submit_by,
           zone.name as zone, camera.name as camera,
           fault.kind as fault_kind, coalesce(fault.closed_at is not null, true) as fault_closed,
           coalesce(fault.muted_by is not null, false) as fault_muted,
           exists (select from notification as opening where opening.fault_id = notification.fault_id
             and opening.target_id = notification.target_id and opening.about = 'opened' and opening.state = 'gathered') as fault_told
    from notification
      join region on region.id = notification.region_id
      join notify_target as target on target.id = notification.target_id
      left join merchant on merchant.id = notification.merchant_id
      left join account on account.id = notification.account_id
      left join region as home on home.id = account.region_id
      left join notify_setting as setting on setting.account_id = account.id
      left join alert on alert.id = notification.alert_id
      left join finding on finding.id = alert.finding_id
      left join task on task.id = alert.task_id
      left join camera_fault as fault on fault.id = notification.fault_id
      left join gateway as fault_gateway on fault_gateway.id = fault.gateway_id
      left join camera on camera.id = coalesce(finding.camera_id, fault.camera_id)
      left join zone on zone.id = coalesce(finding.zone_id, camera.zone_id)
    where notification.id = any (${ids}::bigint[])
    order by notification.created_at, notification.id
  `.execute(db);
  return result.rows.map((row) => itemOf(row, policyOf));
}

function itemOf(row: Row, policyOf: (regionPath: string) => NotifyPolicy): WaitingItem {
  const habits = row.target_habits ?? row.account_habits ?? firstHabits(row.account?.role ?? 'merchant');
  const isFault = row.topic === 'fault';
  return {
    id: row.id,
    occurrence: row.occurrence,
    regionPath: row.region_path,
    facts: {
      topic: row.topic,
      about: row.about,
      class: row.class,
      channel: row.channel,
      createdAt: row.created_at,
      allowed: row.target_ok && mayRead(row),
      acknowledged: row.acknowledged,
      settled:
        row.task_state === null
          ? row.finding_state !== null && row.finding_state !== 'pending_review'
          : row.task_taken || !OWED_STATES.includes(row.task_state),
      fault: isFault ? { closed: row.fault_closed, muted: row.fault_muted, told: row.fault_told } : null,
      habits,
      policy: policyOf(row.region_path),
    },
    notice: {
      topic: row.topic,
      about: row.about,
      occurrence: row.occurrence,
      kind: row.alert_kind ?? row.fault_kind,
      place: row.place,
      region: row.region,
      spot: [row.zone, row.camera, row.gateway].filter((part) => part !== null).join(' · '),
      number: row.task_number,
      at: row.created_at,
      acknowledgeDue: row.task_signed ? null : row.acknowledge_by,
      submitDue: row.submit_by,
      timeZone: row.time_zone,
      path: pathOf(row),
    },
  };
}

/** The same decision as for reading it in the page (domain/access.ts); a group was given its place by an operator. */
function mayRead({
  account,
  topic,
  region_path: regionPath,
  merchant_id: merchantId,
  camera_id: cameraId,
}: Row): boolean {
  if (account === null) return true;
  const { id: accountId, disabled, ...scope } = account;
  if (disabled) return false;
  return (
    topic === 'test' || may({ accountId, ...scope }, READING[topic], { regionPath, merchantId, cameraId })
  );
}

/** What one must be allowed to read to be told of it. A finding is no fact yet: merchants and cadres do not hear of it. */
const READING = { finding: 'finding.read', task: 'alert.read', fault: 'registry.read' } as const;

function pathOf(row: Row): string {
  if (row.topic === 'test') return '/notifications';
  if (row.topic === 'fault') return '/cameras';
  return row.task_id === null ? `/findings/${row.finding_id}` : `/tasks/${row.task_id}`;
}
