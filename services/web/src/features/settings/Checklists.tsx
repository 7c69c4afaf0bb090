import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { merchantType } from '../../ui/merchant-type.ts';
import { Note } from '../../ui/Note.tsx';
import { Moment } from '../../ui/Times.tsx';
import { ChecklistDrawer } from './ChecklistDrawer.tsx';
import type { Checklist } from './types.ts';
import { useMayWrite } from './use-settings.ts';

/** 风险管控清单 by business type: what merchants check by day, week and month. */
export function Checklists() {
  const { t } = useTranslation();
  const chinese = useLanguage() === 'zh-CN';
  const mayWrite = useMayWrite();
  const [open, setOpen] = useState<Checklist | null>();
  const list = useQuery({
    queryKey: keys.checklists,
    queryFn: ({ signal }) => ask<{ items: Checklist[] }>('/checklists', { signal }),
  });
  return (
    <div className="settings-list">
      {mayWrite && (
        <p>
          <Button type="primary" onClick={() => setOpen(null)}>
            {t('settings.checklist.add')}
          </Button>
        </p>
      )}
      {list.isPending ? (
        <Bones lines={5} />
      ) : list.isError ? (
        <Failure what="policy" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.items.length === 0 ? (
        <Note title={t('settings.checklist.none')} />
      ) : (
        <ul className="settings-cards">
          {list.data.items.map((one) => (
            <li key={one.id} className="sheet settings-card">
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
              <Button onClick={() => setOpen(one)}>{t(mayWrite ? 'settings.edit' : 'settings.show')}</Button>
            </li>
          ))}
        </ul>
      )}
      {open !== undefined && (
        <ChecklistDrawer
          key={open?.id ?? 'new'}
          checklist={open ?? undefined}
          readOnly={!mayWrite}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}
