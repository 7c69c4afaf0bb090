/** The actor's scope as SQL: the same rule as services/domain/access.ts `may()`, for lists. */

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Action, Actor, Place } from '../domain/access.ts';
import { isUnlimited, may } from '../domain/access.ts';
import { said } from '../domain/said.ts';
import { notFound, Problem } from './problem.ts';

/** Columns that say where a row lies. `merchantId` null: rows of a region as a whole. */
export interface PlaceColumns {
  /** e.g. 'region.path' */
  regionPath: string;
  /** e.g. 'merchant.id' */
  merchantId: string | null;
  /** e.g. 'camera.id'; null or absent: rows of a merchant as a whole. */
  cameraId?: string | null;
}

/** Condition that is true for the rows in the actor's scope. */
export function inScope(actor: Actor, columns: PlaceColumns): RawBuilder<SqlBool> {
  const { merchantId, assignedMerchantIds, cameraIds } = actor;
  const conditions = [
    ...(cameraIds === null ? [] : [oneOf(columns.cameraId, cameraIds)]),
    ...(merchantId === null
      ? [within(columns.regionPath, actor.regionPath)]
      : [oneOf(columns.merchantId, [merchantId])]),
    ...(assignedMerchantIds === null ? [] : [oneOf(columns.merchantId, assignedMerchantIds)]),
  ];
  return sql<SqlBool>`(${sql.join(conditions, sql` and `)})`;
}

/** No row, where there is no such column. */
function oneOf(column: string | null | undefined, ids: readonly string[]): RawBuilder<SqlBool> {
  if (column === null || column === undefined) return sql<SqlBool>`false`;
  return sql<SqlBool>`${sql.ref(column)} = any (${ids}::uuid[])`;
}

/** Condition: the region at `column` is `path` or lies below it; null is everywhere. */
export function within(column: string, path: string | null): RawBuilder<SqlBool> {
  if (path === null) return sql<SqlBool>`true`;
  const ref = sql.ref(column);
  return sql<SqlBool>`(${ref} = ${path} or starts_with(${ref}, ${`${path}.`}))`;
}

/** Condition: the region at `column` is the one with this code or lies below it. No row, when there is no such region. */
export function inRegion(column: string, code: string): RawBuilder<SqlBool> {
  const ref = sql.ref(column);
  return sql<SqlBool>`exists (
    select from region as asked
    where asked.code = ${code} and (${ref} = asked.path or starts_with(${ref}, asked.path || '.'))
  )`;
}

/**
 * Policies (rules, limits) that are in force somewhere in the actor's scope: those below it, of the regions above it, and
 * those for everywhere. Merchants, cadres and accounts limited to cameras do not read policy.
 */
export function inForceFor(actor: Actor, column: string): RawBuilder<SqlBool> {
  if (actor.merchantId !== null || actor.assignedMerchantIds !== null || actor.cameraIds !== null)
    return sql<SqlBool>`false`;
  if (actor.regionPath === null) return sql<SqlBool>`true`;
  const ref = sql.ref(column);
  return sql<SqlBool>`(${ref} is null or starts_with(${actor.regionPath}, ${ref} || '.') or ${within(column, actor.regionPath)})`;
}

/** The thing, if it is there and in scope. @throws Problem not-found either way, so that nothing outside is revealed */
export function seen<T extends Place>(actor: Actor, action: Action, thing: T | undefined, what: string): T {
  if (thing === undefined || !may(actor, action, thing)) throw notFound(what);
  return thing;
}

/** A policy for everywhere (no region) may only be changed by one who has all regions. */
export function mayEverywhere(actor: Actor): boolean {
  return isUnlimited(actor);
}

/** @throws Problem when the actor sees the policy but may not change it */
export function checkPolicyChange(actor: Actor, action: Action, regionPath: string | null): void {
  const allowed =
    regionPath === null ? mayEverywhere(actor) : may(actor, action, { regionPath, merchantId: null });
  if (!allowed) throw new Problem('not-allowed', said('beyond_regions'));
}
