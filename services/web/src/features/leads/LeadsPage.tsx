import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { LeadCard } from './LeadCard.tsx';
import { LEAD_STATES, type Lead, type LeadState } from './types.ts';
import './leads.css';

/** 线索移送: what was handed to other authorities, and what became of it. */
export function LeadsPage() {
  const { t } = useTranslation();
  const [state, setState] = useState<LeadState>();
  const list = usePages<Lead>({ key: keys.leads, path: '/leads', filter: { state } });
  return (
    <>
      <fieldset className="chips leads-filter" aria-label={t('filter.state')}>
        {([undefined, ...LEAD_STATES] as const).map((one) => (
          <button
            key={one ?? 'all'}
            type="button"
            className="chip"
            aria-pressed={one === state}
            onClick={() => setState(one)}
          >
            {one === undefined ? t('filter.all') : t(`leads.state.${one}`)}
          </button>
        ))}
      </fieldset>
      {list.isPending ? (
        <Bones lines={6} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="leads" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t('leads.none')}>
          <p>{t('leads.noneHint')}</p>
        </Note>
      ) : (
        <ul className="leads">
          {list.items.map((lead) => (
            <LeadCard key={lead.id} lead={lead} />
          ))}
        </ul>
      )}
      <More list={list} />
    </>
  );
}
