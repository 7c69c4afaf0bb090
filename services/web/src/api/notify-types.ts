/** What the API returns about telling people, as far as the page uses it. */
import type { Page } from './types.ts';

export const NOTIFY_TOPICS = ['finding', 'task', 'fault'] as const;
export type NotifyTopic = (typeof NOTIFY_TOPICS)[number];
export type NotifyChannel = 'push' | 'wecom' | 'dingtalk' | 'feishu' | 'webhook' | 'sms' | 'gateway';

export interface Habits {
  language: 'zh-CN' | 'en';
  /** Local time HH:MM. */
  quiet: { from: string; to: string; timeZone: string } | null;
  topics: NotifyTopic[];
  leastClass: 1 | 2 | 3;
}

export interface MyTarget {
  id: string;
  channel: NotifyChannel;
  name: string;
  /** Enough of the address to know it again. */
  shown: string;
  /** The browser of a push subscription. */
  device: string | null;
}

export interface MyNotifications {
  habits: Habits;
  targets: MyTarget[];
  pushKey: string;
}

export const MESSAGE_STATES = ['pending', 'delivered', 'dead', 'stopped'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export interface Message {
  id: string;
  channel: NotifyChannel;
  target: { id: string; name: string };
  account: string | null;
  merchant: string | null;
  title: string;
  lines: string[];
  link: string;
  state: MessageState;
  attempts: number;
  lastError: string | null;
  createdAt: string;
}

export interface MessagePage extends Page<Message> {
  counts: Record<MessageState, number>;
}

export interface MessageDetail extends Message {
  sendings: { attempt: number; at: string; ok: boolean; status: number | null; error: string }[];
}
