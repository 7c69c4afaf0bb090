import type { TFunction } from 'i18next';

/** Refusals of services/api/routes/task-orders.ts that a merchant can meet. */
const KNOWN = ['changed', 'wrong_state', 'already_appealed', 'key_reused', 'unknown_photo'] as const;

/** Whether the page has words of its own for it. */
export const isKnownRefusal = (why: unknown): why is string => KNOWN.some((one) => one === why);

/** Why an answer was refused; what is not known here is shown as it came. */
export function refusalText(t: TFunction, why: string): string {
  const known = KNOWN.find((one) => one === why);
  return known === undefined ? why : t(`merchant.refusal.${known}`);
}
