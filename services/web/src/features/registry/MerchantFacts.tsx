import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { type Merchant, WEEKDAYS } from '../../api/registry-types.ts';
import { merchantType } from '../../ui/merchant-type.ts';
import '../../ui/facts.css';

/** What is registered of a merchant, for those who only read it. */
export function MerchantFacts({ merchant }: { merchant: Merchant }) {
  const { t } = useTranslation();
  const { openingHours } = merchant;
  const facts: [label: string, value: string][] = [
    [t('registry.code'), merchant.code],
    [t('registry.region'), merchant.region.name],
    [t('registry.type'), merchantType(t, merchant.type)],
    [t('registry.level'), t('registry.levelOf', { level: merchant.level })],
    [t('registry.licenceNo'), merchant.licenceNo ?? ''],
    [t('registry.address'), merchant.address],
    [t('registry.phone'), merchant.phone],
  ];
  return (
    <dl className="facts">
      {facts.map(([label, value]) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          <dd>{value === '' ? '—' : value}</dd>
        </Fragment>
      ))}
      <dt>{t('registry.hours')}</dt>
      <dd>
        {openingHours === null
          ? t('registry.alwaysOpen')
          : WEEKDAYS.map((day) => (
              <p key={day}>
                {t(`weekday.${day}`)}{' '}
                {(openingHours[day] ?? []).map(([from, to]) => `${from}–${to}`).join('，') ||
                  t('registry.closed')}
              </p>
            ))}
      </dd>
    </dl>
  );
}
