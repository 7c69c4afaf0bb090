import { ReloadOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { TipCard } from './TipCard.tsx';
import { TIP_STATES } from './types.ts';
import { useTips } from './use-tips.ts';
import './tips.css';

/** In the address: those that wait need none. */
const SHOWN = [...TIP_STATES, 'all'] as const;

/** 群众线索: what the public told the bureau, and what the desk answers. */
export function TipsPage() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const shown = SHOWN.find((one) => one === search.get('state')) ?? 'new';
  const state = shown === 'all' ? undefined : shown;
  const { list, came, renew } = useTips(state);
  return (
    <div className="page tips-page">
      <div className="page-head">
        <h1>{t('tips.title')}</h1>
      </div>
      <p className="tips-quiet">{t('tips.hint')}</p>
      <fieldset className="chips" aria-label={t('filter.state')}>
        {SHOWN.map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-pressed={one === shown}
            onClick={() => navigate(one === 'new' ? '/tips' : `/tips?state=${one}`, { replace: true })}
          >
            {one === 'all' ? t('filter.all') : t(`tips.state.${one}`)}
          </button>
        ))}
      </fieldset>
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={renew} />}
      {came > 0 && (
        <button type="button" className="tips-came" onClick={renew}>
          <ReloadOutlined aria-hidden /> {t('tips.came', { count: came })}
        </button>
      )}
      {list.isPending ? (
        <Bones lines={6} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="tips" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t(shown === 'new' ? 'tips.noneNew' : 'tips.none')}>
          {shown === 'new' && <p>{t('tips.noneHint')}</p>}
        </Note>
      ) : (
        <ul className="tips" aria-label={t('tips.title')}>
          {list.items.map((tip) => (
            <TipCard key={tip.id} tip={tip} />
          ))}
        </ul>
      )}
      <More list={list} />
      <p className="hidden" aria-live="polite">
        {came > 0 ? t('tips.came', { count: came }) : ''}
      </p>
    </div>
  );
}
