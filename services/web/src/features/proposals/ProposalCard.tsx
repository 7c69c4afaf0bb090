import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RuleProposal } from '../../api/rule-types.ts';
import { Link } from '../../ui/Link.tsx';
import { percent } from '../../ui/score.ts';
import { Moment } from '../../ui/Times.tsx';
import { ProposalPicture } from './ProposalPicture.tsx';
import { useDecision } from './use-decision.ts';

/** One proposal: the picture with the area, what it rests on, what it would have done, and the decision. */
export function ProposalCard({ proposal }: { proposal: RuleProposal }) {
  const { t } = useTranslation();
  const decision = useDecision(proposal);
  const { camera, evidence, kind, merchant, minScore, minScoreNow, type, zone } = proposal;
  const titleId = `proposal-${proposal.id}`;
  return (
    <li className="sheet">
      <article className="proposal" aria-labelledby={titleId}>
        <ProposalPicture proposal={proposal} />
        <div className="proposal-text">
          <h2 id={titleId}>
            {type === 'ignore_area'
              ? t('proposals.area', { kind: t(`kind.${kind}`) })
              : t('proposals.score', { kind: t(`kind.${kind}`), score: percent(minScore ?? 0) })}
          </h2>
          <p className="proposal-place">
            {merchant.name} · {t(`zone.${zone.kind}`)} ·{' '}
            <Link to={`/cameras/${encodeURIComponent(camera.id)}`}>{camera.name}</Link>
          </p>
          <dl className="proposal-facts">
            <div>
              <dt>{t('proposals.verdicts')}</dt>
              <dd className="num">
                {t('proposals.counts', { confirmed: evidence.confirmed, dismissed: evidence.dismissed })}
              </dd>
            </div>
            <div>
              <dt>{t('precision.title')}</dt>
              <dd className="num">
                {evidence.precision === null
                  ? '—'
                  : t('precision.value', {
                      share: percent(evidence.precision),
                      low: percent(evidence.low),
                      high: percent(evidence.high),
                    })}
              </dd>
            </div>
            <div>
              <dt>{t('proposals.effect')}</dt>
              <dd className="num">
                {t('proposals.dropped', {
                  dismissed: evidence.dismissedDropped,
                  ofDismissed: evidence.dismissed,
                  confirmed: evidence.confirmedDropped,
                  ofConfirmed: evidence.confirmed,
                })}
              </dd>
            </div>
            {type === 'min_score' && minScoreNow !== null && (
              <div>
                <dt>{t('proposals.scoreNow')}</dt>
                <dd className="num">{percent(minScoreNow)}%</dd>
              </div>
            )}
            <div>
              <dt>{t('proposals.counted')}</dt>
              <dd>
                <Moment at={proposal.updatedAt} />
              </dd>
            </div>
          </dl>
          {proposal.state === 'open' ? (
            <div className="proposal-actions">
              <Button type="primary" loading={decision.isPending} onClick={() => decision.mutate('accept')}>
                {t('proposals.accept')}
              </Button>
              <Button disabled={decision.isPending} onClick={() => decision.mutate('decline')}>
                {t('proposals.decline')}
              </Button>
            </div>
          ) : (
            <p className="proposal-decided">
              <span className={proposal.state === 'accepted' ? 'tag tag-good' : 'tag'}>
                {t(`proposalState.${proposal.state}`)}
              </span>{' '}
              {proposal.decidedBy} {proposal.decidedAt !== null && <Moment at={proposal.decidedAt} />}
            </p>
          )}
          {decision.why !== undefined && (
            <p className="bad" role="alert">
              {decision.why}
            </p>
          )}
        </div>
      </article>
    </li>
  );
}
