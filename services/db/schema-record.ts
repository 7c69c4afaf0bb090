import type { ColumnType, Generated } from 'kysely';
import type { KindCode, Role, TaskClass } from '../domain/words.ts';
import type { WebhookPlatformColumns } from './schema-platforms.ts';

type Json<T> = ColumnType<T, string, string>;
type Created = Generated<Date>;

export interface HistoryTable {
  id: Generated<string>;
  /** finding, task, or whatever else a person changed: lower_snake. */
  entity: string;
  entity_id: string;
  from_state: string | null;
  to_state: string;
  actor_id: string | null;
  reason: Generated<string>;
  note: Generated<string>;
  at: Created;
  /** What was asked for; empty for what has no command. */
  command: Generated<string>;
  content_hash: string | null;
  /** Written by the table's trigger alone. */
  prev_hash: ColumnType<string, never, never>;
  hash: ColumnType<string, never, never>;
  /** Where it happened: decides who may read it. null: everywhere. */
  region_path: Generated<string | null>;
  merchant_id: Generated<string | null>;
}

export interface AlertTable {
  id: Generated<string>;
  audience: 'inspector' | 'merchant';
  region_id: string;
  merchant_id: string;
  finding_id: string;
  task_id: string | null;
  kind: KindCode;
  class: TaskClass;
  created_at: Created;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  about: Generated<AlertAbout>;
  occurrence: Generated<number>;
  /** Only these are told; null: everybody of the audience. */
  roles: Role[] | null;
  told_as: string | null;
  reminders: Generated<number>;
  reminder_tried_at: Date | null;
}

/** `new`: a finding for inspectors, an issued task for the merchant. */
export const ALERT_ABOUT = [
  'new',
  'submitted',
  'appealed',
  'appeal_rejected',
  'returned',
  'escalated',
  'transferred',
  'withdrawn',
  'closed',
  'recheck_due',
  'recheck_passed',
  'recurred',
  'reopened',
  'review_overdue',
  'history_broken',
] as const;

export type AlertAbout = (typeof ALERT_ABOUT)[number];

export interface EventTable {
  id: Generated<string>;
  xid: Generated<string>;
  type: string;
  region_path: string;
  merchant_id: string | null;
  payload: Json<Record<string, unknown>>;
  at: Created;
}

export interface WebhookTable extends WebhookPlatformColumns {
  id: Generated<string>;
  name: string;
  url: string;
  secret_sealed: Buffer;
  types: Generated<string[]>;
  region_id: string | null;
  enabled: Generated<boolean>;
  created_at: Created;
}

/** `dead`: not tried again by itself; `set_aside`: a person decided that it need not be sent. */
export const DELIVERY_STATES = ['pending', 'delivered', 'dead', 'set_aside'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface OutboxTable {
  id: Generated<string>;
  event_id: string;
  webhook_id: string;
  idempotency_key: Generated<string>;
  state: Generated<DeliveryState>;
  attempts: Generated<number>;
  next_at: Created;
  claimed_by: string | null;
  claimed_until: Date | null;
  last_status: number | null;
  last_error: string | null;
  delivered_at: Date | null;
  created_at: Created;
  /** The delivery is one of a replay. */
  replay_id: string | null;
  /** Why, by whom and when it was set aside; null in every other state. */
  set_aside_reason: string | null;
  set_aside_by: string | null;
  set_aside_at: Date | null;
}

/** What is kept of what was done, and what is told of it: history, alerts, events, webhooks, outbox. */
export interface RecordSchema {
  history: HistoryTable;
  alert: AlertTable;
  event: EventTable;
  webhook: WebhookTable;
  outbox: OutboxTable;
}
