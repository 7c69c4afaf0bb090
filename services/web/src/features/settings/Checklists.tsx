import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { merchantType } from '../../ui/merchant-type.ts';
import { Moment } from '../../ui/Times.tsx';
import { ChecklistDrawer } from './ChecklistDrawer.tsx';
import { SettingsCards } from './SettingsCards.tsx';
import type { Checklist } from './types.ts';

/** 风险管控清单 by business type: what merchants check by day, week and month. */
export function Checklists() {
  const { t } = useTranslation();
  const chinese = useLanguage() === 'zh-CN';
  const list = useQuery({
    queryKey: keys.checklists,
    queryFn: ({ signal }) => ask<{ items: Checklist[] }>('/checklists', { signal }),
  });
  return (
    <SettingsCards
      list={list}
      words={{ add: t('settings.checklist.add'), none: t('settings.checklist.none') }}
      idOf={placeOf}
      card={(one) => (
        <>
          <h2>{chinese ? one.title : one.titleEn}</h2>
          <p>
            <span className="tag tag-accent">{t(`settings.checklist.period.${one.period}`)}</span>{' '}
            <span className="tag">
              {one.merchantType === null
                ? t('settings.checklist.everyType')
                : merchantType(t, one.merchantType)}
            </span>
          </p>
          <p className="settings-quiet">
            {one.region ?? t('settings.everywhere')} ·{' '}
            {t('settings.policy.version', { version: one.version })} · <Moment at={one.changedAt} />
          </p>
          <p>{t('settings.checklist.items', { count: one.items.length })}</p>
        </>
      )}
      drawer={({ one, ...rest }) => (
        <ChecklistDrawer key={one === undefined ? 'new' : placeOf(one)} checklist={one} {...rest} />
      )}
    />
  );
}

/** Whom it is for, and how often; its versions have that in common. */
const placeOf = ({ region, merchantType, period }: Checklist): string =>
  `${region ?? ''} ${merchantType ?? ''} ${period}`;
