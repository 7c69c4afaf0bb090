import type { TFunction } from 'i18next';

/** What does not fit together (services/domain/policy.ts, policyFaults) in the language on screen; anything else as it came. */
export function faultText(t: TFunction, message: string): string {
  const where = /^in ([^:]+): /.exec(message);
  const place = where === null ? '' : t('settings.policy.fault.below', { region: where[1] });
  const said = message.slice(where?.[0].length ?? 0);
  const submit = /must be less than submitMin, which is ([\d.]+)/.exec(said);
  if (submit !== null) return place + t('settings.policy.fault.acknowledge', { minutes: submit[1] });
  const lasts = /the recheck lasts only ([\d.]+) hours/.exec(said);
  if (lasts !== null) return place + t('settings.policy.fault.observed', { hours: lasts[1] });
  if (/spans run forward within a day/.test(said)) return place + t('settings.policy.fault.spans');
  return place + said;
}
