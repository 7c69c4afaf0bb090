import { sql } from 'kysely';
import type { Static } from 'typebox';
import type { Database } from '../../db/database.ts';
import { DRAW_FORMAT, type DrawExport } from '../../domain/draw.ts';
import type { Draw, DrawPage } from '../schemas/draw.ts';

export const selectDraws = (db: Database) =>
  db
    .selectFrom('draw')
    .innerJoin('region', 'region.id', 'draw.region_id')
    .innerJoin('account as maker', 'maker.id', 'draw.committed_by')
    .leftJoin('account as ender', 'ender.id', 'draw.ended_by')
    .selectAll('draw')
    .select([
      sql<string>`draw.committed_at::text`.as('committed_at_text'),
      sql<null>`null`.as('merchantId'),
      'region.path as regionPath',
      'region.code as region_code',
      'region.name as region_name',
      'maker.username as maker',
      'ender.username as ender',
    ]);

export type DrawRow = Awaited<ReturnType<ReturnType<typeof selectDraws>['executeTakeFirstOrThrow']>>;

export function drawItem(row: DrawRow): Static<typeof Draw> {
  return {
    id: row.id,
    number: row.number,
    region: { id: row.region_id, code: row.region_code, path: row.regionPath, name: row.region_name },
    state: row.state,
    subject: row.list.subject,
    entries: row.list.entries.length,
    listHash: row.list_hash,
    commitment: row.commitment,
    publicSource: row.list.publicSource,
    committedAt: row.committed_at.toISOString(),
    committedBy: row.maker,
    endedAt: row.ended_at?.toISOString() ?? null,
    endedBy: row.ender,
    seed: row.seed,
    resultHash: row.result_hash,
  };
}

export function drawPage(row: DrawRow): Static<typeof DrawPage> {
  return { ...drawItem(row), list: row.list, result: row.result };
}

/** Everything that is needed to repeat it; undefined before it is drawn. */
export function drawExport(row: DrawRow): DrawExport | undefined {
  const { secret, public_value, seed, result, result_hash, ended_at } = row;
  if (secret === null || seed === null || result === null || result_hash === null || ended_at === null)
    return undefined;
  return {
    format: DRAW_FORMAT,
    number: row.number,
    region: row.region_code,
    committedAt: row.committed_at.toISOString(),
    drawnAt: ended_at.toISOString(),
    list: row.list,
    listHash: row.list_hash,
    commitment: row.commitment,
    secret,
    publicValue: public_value ?? '',
    seed,
    result,
    resultHash: result_hash,
  };
}
