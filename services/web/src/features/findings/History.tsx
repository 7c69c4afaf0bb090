import { useTranslation } from 'react-i18next';
import type { FindingDetail, HistoryEntry, Sibling } from '../../api/finding-types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Moment } from '../../ui/Times.tsx';
import { FindingTag } from './FindingTag.tsx';
import { whatOf, whyOf } from './history-words.ts';
import { mayJudge } from './judges.ts';
import { useMerge } from './use-merge.ts';

function Entry({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const why = whyOf(t, entry);
  return (
    <li>
      <span className="history-at">
        <Moment at={entry.at} />
      </span>
      <span>
        <b>{whatOf(t, entry)}</b>
        {why !== '' && ` · ${why}`} · {entry.by ?? t('history.system')}
        {entry.note !== '' && <q className="history-note">{entry.note}</q>}
      </span>
    </li>
  );
}

/** Who did what, oldest first. */
export function History({ finding }: { finding: FindingDetail }) {
  const { t } = useTranslation();
  return (
    <section className="side-part" aria-label={t('history.title')}>
      <h3>{t('history.title')}</h3>
      <ol className="history">
        {finding.history.map((entry) => (
          <Entry key={`${entry.at}-${entry.to}`} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

/** Other findings of the merchant on that day: the same thing again, or another thing at the same place. */
export function Siblings({ finding }: { finding: FindingDetail }) {
  const { t } = useTranslation();
  const why = useWhy();
  const { account } = useCurrentSession();
  const merge = useMerge(finding, t('merge.splitNote'));
  const judges = mayJudge(account.role);
  const open = finding.state === 'pending_review' || finding.state === 'confirmed';
  const { siblings, merged } = finding;
  const mergeable = ({ kind, state }: Sibling): boolean =>
    judges && open && kind === finding.kind && state === 'pending_review';
  const lists = [
    {
      title: t('siblings.title'),
      // Those that wait with it have a list of their own (AroundList).
      of: siblings.filter(
        (one) =>
          merged.every(({ id }) => id !== one.id) && !(finding.state === 'pending_review' && mergeable(one)),
      ),
      split: false,
    },
    { title: t('merge.merged'), of: merged, split: true },
  ].filter((list) => list.of.length > 0);
  if (lists.length === 0) return null;
  return (
    <section className="side-part" aria-label={t('siblings.title')}>
      {lists.map((list) => (
        <div key={list.title}>
          <h3>{list.title}</h3>
          <ul className="siblings">
            {list.of.map((sibling) => (
              <li key={sibling.id}>
                <Link to={`/findings/${sibling.id}${window.location.search}`}>
                  {t(`kind.${sibling.kind}`)}
                  {sibling.count > 1 && <span className="num"> ×{sibling.count}</span>}
                  {sibling.camera !== null && (
                    <span className="sibling-camera"> · {sibling.camera.name}</span>
                  )}
                </Link>
                <Moment at={sibling.firstSeen} />
                <FindingTag state={sibling.state} />
                {(list.split ? judges : mergeable(sibling)) && (
                  <button
                    type="button"
                    className="chip"
                    disabled={merge.isPending}
                    onClick={() => merge.mutate({ sibling, split: list.split })}
                  >
                    {t(list.split ? 'merge.split' : 'merge.into')}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
      {merge.isError && (
        <p className="bad" role="alert">
          {t('merge.failed', { why: why(merge.error) })}
        </p>
      )}
    </section>
  );
}
