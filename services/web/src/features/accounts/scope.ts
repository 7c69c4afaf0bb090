import type { TFunction } from 'i18next';
import type { Account } from '../../api/account-types.ts';

/** Where an account works, in words. */
export function scopeOf(t: TFunction, { region, merchant, cameras }: Account): string {
  const place = merchant?.name ?? region?.name ?? t('accounts.everywhere');
  return cameras === null ? place : `${place} · ${t('accounts.limited', { count: cameras.length })}`;
}
