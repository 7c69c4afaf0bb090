/** What an import will write: rows to insert, rows to change, and how many are already as the file says. */
import { isDeepStrictEqual } from 'node:util';
import type { Insertable, Updateable } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { Sealer } from '../../db/seal.ts';
import type { Actor } from '../../domain/access.ts';
import type { ImportErrors } from './items.ts';
import type { World } from './world.ts';

type Table = 'region' | 'merchant' | 'zone' | 'gateway' | 'camera' | 'rule';

export interface Changes<T extends Table> {
  insert: (Insertable<Schema[T]> & { id: string })[];
  update: { id: string; set: Updateable<Schema[T]> }[];
  unchanged: number;
}

/** What an import changes of one camera's drawing; null: nothing of that. */
export interface DrawnCamera {
  camera: string;
  /** Line of a CSV file. */
  row: number | null;
  /** How many there will be. */
  timestampAreas: number | null;
  regionsOfInterest: number | null;
  ignoreAreas: number | null;
  privacyMasks: number | null;
  zoneAreas: number | null;
  /** By kind; those that the file does not name stay. */
  minScores: Record<string, number> | null;
  minSizes: Record<string, number> | null;
}

export interface Plan {
  region: Changes<'region'>;
  merchant: Changes<'merchant'>;
  zone: Changes<'zone'>;
  gateway: Changes<'gateway'>;
  camera: Changes<'camera'>;
  rule: Changes<'rule'>;
  /** MQTT passwords of new gateways; shown once. */
  secrets: { gateway: string; username: string; password: string }[];
  /** What changes of what is drawn into cameras' pictures. */
  drawn: DrawnCamera[];
  /** How many there are; `drawn` holds the first of them. */
  drawnCount: number;
}

export interface Planning {
  actor: Actor;
  sealer: Sealer;
  now: Date;
  errors: ImportErrors;
  world: World;
  plan: Plan;
}

export function emptyPlan(): Plan {
  const none = () => ({ insert: [], update: [], unchanged: 0 });
  return {
    region: none(),
    merchant: none(),
    zone: none(),
    gateway: none(),
    camera: none(),
    rule: none(),
    secrets: [],
    drawn: [],
    drawnCount: 0,
  };
}

/** The columns of `wanted` that differ from `there`; what is undefined was not said and stays. */
export function differences<T extends object>(there: Partial<T>, wanted: Partial<T>): Partial<T> {
  const changed: Partial<T> = {};
  for (const key of Object.keys(wanted) as (keyof T)[]) {
    if (wanted[key] === undefined || isDeepStrictEqual(wanted[key], there[key])) continue;
    changed[key] = wanted[key];
  }
  return changed;
}

/** Without what is undefined: those columns keep the database's default. */
export function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
