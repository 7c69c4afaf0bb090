/** What is registered, as the API returns it: regions, merchants, new passwords of gateways. */

import type { Named } from './types.ts';

export const REGION_LEVELS = ['province', 'prefecture', 'county', 'town', 'grid'] as const;
export type RegionLevel = (typeof REGION_LEVELS)[number];

export interface Region extends Named {
  /** Dotted: county.town.grid. */
  path: string;
  level: RegionLevel;
  /** IANA. */
  timeZone: string;
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];
/** Local times `HH:MM`; an end that is not after its start lies on the next day. A day without an entry is closed. */
export type OpeningHours = Partial<Record<Weekday, [from: string, to: string][]>>;

export interface Merchant extends Named {
  type: string;
  level: 'A' | 'B' | 'C' | 'D';
  licenceNo: string | null;
  /** null: always open. */
  openingHours: OpeningHours | null;
  /** Degrees, WGS 84. */
  place: { lat: number; lon: number } | null;
  address: string;
  phone: string;
  region: Named;
}

/** What a box needs to connect; given once. */
export interface GatewaySecret {
  username: string;
  password: string;
  topicPrefix: string;
  mqttUrl: string;
}
