/** In which time zone somebody's days begin, when a request names no day. */
import type { Database } from '../../db/database.ts';
import type { Actor } from '../../domain/access.ts';
import { localTime } from '../../domain/hours.ts';
import { commonPath } from '../../domain/region-path.ts';

/** Of China, where nothing nearer is known. */
const TIME_ZONE = 'Asia/Shanghai';

type Scope = Pick<Actor, 'regionPath' | 'merchantId' | 'assignedMerchantIds'>;

/**
 * Of the asked region, if it is there; else of the lowest region that holds all that the account sees; of roots without a region above
 * them, the zone they all have.
 */
export async function timeZoneOf(db: Database, scope: Scope, code?: string): Promise<string> {
  const regions = db.selectFrom('region').select(['path', 'time_zone as timeZone']);
  if (code !== undefined) {
    const asked = await regions.where('code', '=', code).executeTakeFirst();
    if (asked !== undefined) return asked.timeZone;
  }
  const path = await lowestPath(db, scope);
  if (path !== null) {
    const lowest = await regions.where('path', '=', path).executeTakeFirst();
    return lowest?.timeZone ?? TIME_ZONE;
  }
  const zones = new Set((await regions.where('parent_id', 'is', null).execute()).map((one) => one.timeZone));
  const [zone] = zones;
  return zones.size === 1 && zone !== undefined ? zone : TIME_ZONE;
}

/** The day that it is there now: YYYY-MM-DD. */
export async function todayOf(db: Database, scope: Scope, now: Date, code?: string): Promise<string> {
  return localTime(now, await timeZoneOf(db, scope, code)).date;
}

/** null: all regions. */
async function lowestPath(db: Database, scope: Scope): Promise<string | null> {
  const { merchantId, assignedMerchantIds, regionPath } = scope;
  const merchants = merchantId === null ? assignedMerchantIds : [merchantId];
  if (merchants === null || merchants.length === 0) return regionPath;
  const rows = await db
    .selectFrom('merchant')
    .innerJoin('region', 'region.id', 'merchant.region_id')
    .select('region.path')
    .distinct()
    .where('merchant.id', 'in', [...merchants])
    .execute();
  return commonPath(rows.map(({ path }) => path)) ?? regionPath;
}
