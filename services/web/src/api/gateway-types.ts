import type { GatewayState, Named } from './types.ts';

/** Gateways and what they had refused, as the API returns it. */

export interface Refusal {
  reason: string;
  count: number;
  lastAt: string;
  lastDetail: string;
}

export interface Gateway extends Named {
  enabled: boolean;
  region: Named;
  /** null: serves several merchants of the region. */
  merchant: Named | null;
  state: GatewayState;
  lastSeenAt: string | null;
  cameras: number;
  /** Refused messages of all reasons. */
  refused: number;
}

export interface GatewayPage extends Gateway {
  refusals: Refusal[];
}
