import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import { usePages } from '../../../api/use-pages.ts';
import { Bones } from '../../../ui/Bones.tsx';
import { Failure, useWhy } from '../../../ui/Failure.tsx';
import { More } from '../../../ui/More.tsx';
import { Moment } from '../../../ui/Times.tsx';
import type { PolicyDocument, PolicyVersion } from './document.ts';

const LOOKS = {
  coming: 'tag tag-warn',
  in_force: 'tag tag-good',
  past: 'tag',
  withdrawn: 'tag',
} as const;

interface VersionsProps {
  /** Code; undefined: everywhere. */
  region: string | undefined;
  readOnly: boolean;
  onTake: (document: PolicyDocument) => void;
}

/** What the region said before, and what it will say. */
export function Versions({ region, readOnly, onTake }: VersionsProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const list = usePages<PolicyVersion>({ key: keys.policies, path: '/policies', filter: { region } });
  const withdraw = useMutation({
    mutationFn: (id: string) => ask(`/policies/${id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.policies }),
  });
  // The list has the regions below too.
  const items = list.items.filter((one) => one.region?.code === region);
  return (
    <section className="policy-versions" aria-labelledby="policy-versions">
      <h2 id="policy-versions">{t('settings.policy.versions')}</h2>
      {list.isPending ? (
        <Bones lines={3} />
      ) : list.isError ? (
        <Failure what="policy" error={list.error} onRetry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <p className="policy-hint">{t('settings.policy.noVersions')}</p>
      ) : (
        <ol>
          {items.map((one) => (
            <li key={one.id} className="sheet policy-version">
              <span className={LOOKS[one.state]}>{t(`settings.policy.state.${one.state}`)}</span>
              <b>{t('settings.policy.version', { version: one.version })}</b>
              <span>
                {t('settings.policy.from')} <Moment at={one.effectiveFrom} />
              </span>
              <span className="policy-hint">
                {one.changedBy ?? '—'}
                {one.note !== '' && ` · ${one.note}`}
              </span>
              {!readOnly && (
                <span className="policy-version-do">
                  <Button size="small" onClick={() => onTake(one.document)}>
                    {t('settings.policy.take')}
                  </Button>
                  {one.state === 'coming' && (
                    <Button size="small" danger onClick={() => withdraw.mutate(one.id)}>
                      {t('settings.policy.withdraw')}
                    </Button>
                  )}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
      {withdraw.isError && (
        <p className="bad" role="alert">
          {why(withdraw.error)}
        </p>
      )}
      <More list={list} />
    </section>
  );
}
