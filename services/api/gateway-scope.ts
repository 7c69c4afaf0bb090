import { isWithin } from '../domain/rules.ts';

/** Whether a gateway may carry a merchant's camera: it is the merchant's own, or serves the merchant's region as a whole. */
export function carriesCameraOf(
  gateway: { merchantId: string | null; regionPath: string },
  merchant: { id: string; regionPath: string },
): boolean {
  if (gateway.merchantId !== null) return gateway.merchantId === merchant.id;
  return isWithin(merchant.regionPath, gateway.regionPath);
}

/** First part of all topics of a gateway (design.md, "Outside faces"). */
export function topicPrefix(regionCode: string, merchantCode: string | null, gatewayCode: string): string {
  return `mk/v1/${regionCode}/${merchantCode ?? '_'}/${gatewayCode}`;
}
