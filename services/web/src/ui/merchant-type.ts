import type { TFunction } from 'i18next';
import type { Texts } from '../i18n/zh.ts';

/** 业态 with a text of its own; a bureau may write others. */
export const MERCHANT_TYPES = [
  'school_canteen',
  'kindergarten_canteen',
  'canteen',
  'nursing_home_canteen',
  'site_canteen',
  'central_kitchen',
  'catering',
  'restaurant',
  'snack_bar',
  'takeaway',
  'bakery',
  'drinks',
] as const satisfies readonly (keyof Texts['merchantType'])[];

/** A type in words; one that is not known as it is written. */
export function merchantType(t: TFunction, type: string): string {
  const known = MERCHANT_TYPES.find((one) => one === type);
  return known === undefined ? type : t(`merchantType.${known}`);
}
