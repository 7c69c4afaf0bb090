import { type SqlBool, sql } from 'kysely';
import { isWithin } from '../domain/rules.ts';

/** Whether a gateway may carry a merchant's camera: it is the merchant's own, or serves the merchant's region as a whole. */
export function carriesCameraOf(
  gateway: { merchantId: string | null; regionPath: string },
  merchant: { id: string; regionPath: string },
): boolean {
  if (gateway.merchantId !== null) return gateway.merchantId === merchant.id;
  return isWithin(merchant.regionPath, gateway.regionPath);
}

/** The same as a condition on gateway and its region; no row, when there is no such merchant. */
export const carriesCamerasOf = (merchantCode: string) => sql<SqlBool>`exists (
  select from merchant as served join region as home on home.id = served.region_id
  where served.code = ${merchantCode} and case when gateway.merchant_id is not null then gateway.merchant_id = served.id
    else home.path = region.path or starts_with(home.path, region.path || '.') end
)`;

/** First part of all topics of a gateway (design.md, "Outside faces"). */
export function topicPrefix(regionCode: string, merchantCode: string | null, gatewayCode: string): string {
  return `mk/v1/${regionCode}/${merchantCode ?? '_'}/${gatewayCode}`;
}
