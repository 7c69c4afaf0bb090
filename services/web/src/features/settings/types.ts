/** What the API says of checklists, templates and platforms (services/api/schemas/{ledger,document,webhook}.ts). */
export const PERIODS = ['day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];
export interface ChecklistItem {
  code: string;
  text: string;
  textEn: string;
  kinds: string[];
  faults: boolean;
}
export interface Checklist {
  id: string;
  region: string | null;
  merchantType: string | null;
  period: Period;
  version: number;
  title: string;
  titleEn: string;
  items: ChecklistItem[];
  changedAt: string;
  changedBy: string | null;
}

export interface Template {
  id: string;
  type: string;
  /** Path of its region; null: everywhere. */
  region: string | null;
  version: number;
  title: string;
  body: string;
  changedAt: string;
  changedBy: string | null;
}
export interface Templates {
  items: Template[];
  fields: { name: string; meaning: string }[];
}

export interface OrderLine {
  state: 'connecting' | 'listening' | 'broken';
  error: string;
  since: string | null;
  lastOrderAt: string | null;
}
export interface Webhook {
  id: string;
  name: string;
  channel: 'http' | 'mqtt';
  url: string;
  topicPrefix: string | null;
  /** Name and password at the broker are kept; they are never sent here. */
  brokerLogin: boolean;
  types: string[];
  region: { code: string; name: string } | null;
  account: string | null;
  cases: { url: string; everyMin: number } | null;
  /** null: orders are not heard at its broker. */
  orders: OrderLine | null;
  enabled: boolean;
}
