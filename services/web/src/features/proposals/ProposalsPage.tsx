import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import { PROPOSAL_STATES, type RuleProposal } from '../../api/rule-types.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { StaleStrip } from '../../ui/StaleStrip.tsx';
import { ProposalCard } from './ProposalCard.tsx';
import './proposals.css';

/** What the verdicts of inspectors ask for: an operator accepts or declines. */
export function ProposalsPage() {
  const { t } = useTranslation();
  const { search } = useRoute();
  const state = PROPOSAL_STATES.find((known) => known === search.get('state')) ?? 'open';
  const list = usePages<RuleProposal>({ key: keys.proposals, path: '/rule-proposals', filter: { state } });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('proposals.title')}</h1>
        <fieldset className="chips" aria-label={t('filter.state')}>
          {PROPOSAL_STATES.map((one) => (
            <button
              key={one}
              type="button"
              className="chip"
              aria-pressed={one === state}
              onClick={() => navigate(one === 'open' ? '/proposals' : `/proposals?state=${one}`)}
            >
              {t(`proposalState.${one}`)}
            </button>
          ))}
        </fieldset>
      </div>
      <p className="proposals-hint">{t('proposals.hint')}</p>
      {list.isRefetchError && <StaleStrip since={list.dataUpdatedAt} onRetry={() => void list.refetch()} />}
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="proposals" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t(state === 'open' ? 'proposals.empty' : 'proposals.emptyFiltered')} />
      ) : (
        <ul className="proposals">
          {list.items.map((proposal) => (
            <ProposalCard key={proposal.id} proposal={proposal} />
          ))}
        </ul>
      )}
      <More list={list} />
    </div>
  );
}
