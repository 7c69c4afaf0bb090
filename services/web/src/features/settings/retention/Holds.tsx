import { useTranslation } from 'react-i18next';
import { keys } from '../../../api/keys.ts';
import { usePages } from '../../../api/use-pages.ts';
import { Bones } from '../../../ui/Bones.tsx';
import { Failure } from '../../../ui/Failure.tsx';
import { Link } from '../../../ui/Link.tsx';
import { More } from '../../../ui/More.tsx';
import { Moment } from '../../../ui/Times.tsx';
import type { LegalHold } from './types.ts';

/** 保全: cases of which nothing is removed, whatever the policies say. */
export function Holds() {
  const { t } = useTranslation();
  const list = usePages<LegalHold>({ key: [...keys.retention, 'holds'], path: '/legal-holds', limit: 30 });
  return (
    <section aria-labelledby="retention-holds">
      <h2 id="retention-holds" className="settings-heading">
        {t('retention.holds.title')}
      </h2>
      {list.isPending ? (
        <Bones lines={2} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="policy" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <p className="settings-quiet">{t('retention.holds.none')}</p>
      ) : (
        <ul className="retention-holds">
          {list.items.map((hold) => (
            <li key={hold.id} className="sheet">
              <p>
                <Link to={hold.task === null ? `/findings/${hold.finding}` : `/tasks/${hold.task.id}`}>
                  {hold.task?.number ?? t('retention.holds.finding')}
                </Link>{' '}
                <b>{hold.merchant}</b> ·{' '}
                {t(`kind.${hold.kind}` as 'kind.no_hat', { defaultValue: hold.kind })}
              </p>
              <p>{t('retention.holds.reason', { reason: hold.reason })}</p>
              <p className="settings-quiet">
                {hold.region} · {hold.placedBy ?? t('audit.system')} · <Moment at={hold.placedAt} />
              </p>
            </li>
          ))}
        </ul>
      )}
      <More list={list} />
    </section>
  );
}
