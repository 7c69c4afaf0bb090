import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../services/db/database.ts';
import type { Target } from './target.ts';

/** Refusals are written once a second. */
const WRITTEN_MS = 1_500;

/** What was refused of the gateway since a time, a line each: a PUBACK does not say so. */
export async function refusedSince(target: Target, since: Date): Promise<string[]> {
  const { databaseUrl, gatewayId, camera } = target;
  if (databaseUrl === undefined || gatewayId === undefined) return [];
  await sleep(WRITTEN_MS);
  const database = openDatabase(databaseUrl, { max: 1, name: 'mingzao replay' });
  try {
    const rows = await database.db
      .selectFrom('gateway_refusal')
      .select(['reason', 'last_detail'])
      .where('gateway_id', '=', gatewayId)
      .where('last_at', '>=', since)
      .where('last_detail', 'like', `%${camera}%`)
      .execute();
    return rows.map((row) => `refused: ${row.reason}: ${row.last_detail}`);
  } finally {
    await database.close();
  }
}
