import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

/** Where a thing of the registry lies. */
export interface PlaceOfThing {
  regionPath: string;
  merchantId: string | null;
}

/** Reads it from the thing's own columns; null: it holds everywhere. */
export async function placeOf(
  tx: Tx,
  table: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<PlaceOfThing | null> {
  const text = (column: string): string | null => {
    const value = fields[column];
    return typeof value === 'string' ? value : null;
  };
  if (table === 'region') return { regionPath: text('path') ?? '', merchantId: null };
  const merchantId = table === 'merchant' ? text('id') : text('merchant_id');
  const { rows } = await sql<{ path: string }>`
    select path from region where id = coalesce(
      ${text('region_id')}::uuid, (select region_id from merchant where id = ${merchantId}::uuid))
  `.execute(tx);
  const [row] = rows;
  return row === undefined ? null : { regionPath: row.path, merchantId };
}

export async function placeOfCamera(tx: Tx, cameraId: string): Promise<PlaceOfThing | null> {
  const row = await tx
    .selectFrom('camera')
    .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select(['region.path as regionPath', 'merchant.id as merchantId'])
    .where('camera.id', '=', cameraId)
    .executeTakeFirst();
  return row ?? null;
}

/** Of those that were not removed. */
export async function placesOfCameras(
  db: Database,
  ids: readonly string[],
): Promise<{ cameraId: string; regionPath: string; merchantId: string; awaits_approval: boolean }[]> {
  return await db
    .selectFrom('camera')
    .innerJoin('merchant', 'merchant.id', 'camera.merchant_id')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select([
      'camera.id as cameraId',
      'region.path as regionPath',
      'merchant.id as merchantId',
      'camera.awaits_approval',
    ])
    .where('camera.id', 'in', [...ids])
    .where('camera.removed_at', 'is', null)
    .execute();
}
