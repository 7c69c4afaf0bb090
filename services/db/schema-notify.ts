/** Tables of migrations/0011: whom to tell, what each was told, every sending. */
import type { ColumnType, Generated } from 'kysely';
import type { NoticeText } from '../domain/notice-text.ts';
import type { NotifyChannel, NotifyHabits, NotifyPolicy, NotifyTopic } from '../domain/notify.ts';
import type { TaskClass } from '../domain/words.ts';

type Json<T> = ColumnType<T, string, string>;
type Created = Generated<Date>;

export interface NotifyTargetTable {
  id: Generated<string>;
  channel: NotifyChannel;
  name: Generated<string>;
  account_id: string | null;
  merchant_id: string | null;
  region_id: string | null;
  gateway_id: string | null;
  address_sealed: Buffer | null;
  address_hash: string;
  device: string | null;
  habits: ColumnType<NotifyHabits | null, string | null, string | null>;
  enabled: Generated<boolean>;
  slots: Generated<Date[]>;
  removed_at: Date | null;
  removed_reason: string | null;
  created_at: Created;
}

export interface NotifySettingTable {
  account_id: string;
  habits: Json<NotifyHabits>;
}

export interface NotifyDutyTable {
  merchant_id: string;
  account_id: string;
  topics: NotifyTopic[];
  step: Generated<number>;
}

export interface NotifyPolicyTable {
  id: Generated<string>;
  region_id: string | null;
  settings: Json<NotifyPolicy>;
}

export interface SmsProviderTable {
  id: Generated<string>;
  region_id: string | null;
  name: string;
  request_sealed: Buffer;
  enabled: Generated<boolean>;
  created_at: Created;
}

export type MessageState = 'pending' | 'delivered' | 'dead' | 'stopped';

export interface MessageTable {
  id: Generated<string>;
  target_id: string;
  channel: NotifyChannel;
  group_key: string;
  class: TaskClass;
  content: Json<NoticeText>;
  count: number;
  idempotency_key: Generated<string>;
  state: Generated<MessageState>;
  attempts: Generated<number>;
  next_at: Date;
  expires_at: Date | null;
  claimed_by: string | null;
  claimed_until: Date | null;
  last_status: number | null;
  last_error: string | null;
  delivered_at: Date | null;
  created_at: Date;
}

export interface MessageAttemptTable {
  message_id: string;
  attempt: number;
  at: Date;
  ok: boolean;
  status: number | null;
  error: Generated<string>;
}

export interface NotificationTable {
  id: Generated<string>;
  target_id: string;
  account_id: string | null;
  channel: NotifyChannel;
  address_hash: string;
  subject: string;
  occurrence: Generated<number>;
  topic: NotifyTopic | 'test';
  about: string;
  class: TaskClass;
  region_id: string;
  merchant_id: string | null;
  alert_id: string | null;
  fault_id: string | null;
  group_key: string;
  state: Generated<'waiting' | 'gathered' | 'dropped'>;
  reason: Generated<string>;
  due_at: Date;
  message_id: string | null;
  created_at: Date;
}

export interface NotifySchema {
  notify_target: NotifyTargetTable;
  notify_setting: NotifySettingTable;
  notify_duty: NotifyDutyTable;
  notify_policy: NotifyPolicyTable;
  sms_provider: SmsProviderTable;
  message: MessageTable;
  message_attempt: MessageAttemptTable;
  notification: NotificationTable;
}
