import { isWithin } from '../../domain/rules.ts';
import type { SmsRequest } from '../../domain/sms-request.ts';
import type { Database } from '../database.ts';
import type { Sealer } from '../seal.ts';

/** The provider for text messages in a region: that of the deepest region which has one. */
export async function loadSmsRequest(
  db: Database,
  sealer: Sealer,
  regionPath: string,
): Promise<SmsRequest | undefined> {
  const rows = await db
    .selectFrom('sms_provider')
    .leftJoin('region', 'region.id', 'sms_provider.region_id')
    .select(['sms_provider.request_sealed', 'region.path'])
    .where('enabled', '=', true)
    .execute();
  const deepest = rows
    .filter(({ path }) => isWithin(regionPath, path))
    .sort((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0))[0];
  return deepest && (JSON.parse(sealer.open(deepest.request_sealed)) as SmsRequest);
}
