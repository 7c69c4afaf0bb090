/** What the API says of deliveries, replays and comparisons (services/api/schemas/{outbox,webhook,reconciliation}.ts). */
import type { Page } from '../../api/types.ts';

export const DELIVERY_STATES = ['dead', 'pending', 'delivered', 'set_aside'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface Delivery {
  id: string;
  type: string;
  webhook: { id: string; name: string; url: string };
  state: DeliveryState;
  attempts: number;
  nextAt: string;
  lastStatus: number | null;
  lastError: string | null;
  deliveredAt: string | null;
  createdAt: string;
  /** Of the state set_aside. */
  setAside: { reason: string; by: string; at: string } | null;
}
export interface DeliveryPage extends Page<Delivery> {
  counts: Record<DeliveryState, number>;
}
export interface DeliveryDetail extends Delivery {
  idempotencyKey: string;
  region: string;
  merchant: string | null;
  payload: Record<string, unknown>;
}
export interface Destination {
  webhook: { id: string; name: string; url: string; channel: 'http' | 'mqtt'; enabled: boolean };
  pending: number;
  dead: number;
  oldestPendingAt: string | null;
  lastDeliveredAt: string | null;
  lastError: string | null;
}
/** Dead letters of one platform that died of the same. */
export interface DeadCause {
  webhook: { id: string; name: string };
  cause: string;
  lastError: string;
  count: number;
  oldestAt: string;
  newestAt: string;
}
export interface Replay {
  id: string;
  reason: 'asked' | 'reconciliation';
  from: string | null;
  to: string | null;
  types: string[];
  perMinute: number;
  events: number;
  delivered: number;
  dead: number;
  pending: number;
  requestedBy: string | null;
  at: string;
  cancelledAt: string | null;
}
export interface Reconciliation {
  id: string;
  webhook: { id: string; name: string } | null;
  platform: string | null;
  how: 'fetched' | 'posted';
  state: 'running' | 'done' | 'failed';
  error: string;
  cases: number;
  same: number;
  inFlight: number;
  differences: number;
  healed: number;
  startedAt: string;
}
export interface CaseDifference {
  id: string;
  number: string;
  taskId: string | null;
  kind: string;
  stateHere: string | null;
  stateThere: string | null;
  healed: 'sent_again' | 'notice' | 'none';
}
