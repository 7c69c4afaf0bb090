import { useMutation } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../../api/account-types.ts';
import { download } from '../../api/download.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';

/** As `case.export` in the API. */
const EXPORTS: readonly Role[] = ['operator', 'inspector', 'station_head', 'director'];

/** The case as one file that proves itself; who takes it says what for, and the case's history keeps it. */
export function CaseFile({ of, number, held }: { of: string; number: string; held: boolean }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const why = useWhy();
  const [purpose, setPurpose] = useState<string>();
  const taken = useMutation({
    mutationFn: () =>
      download(`/cases/${encodeURIComponent(of)}/export`, { purpose: purpose?.trim() }, `case-${number}.zip`),
    onSuccess: () => setPurpose(undefined),
  });
  const exports = EXPORTS.includes(account.role);
  if (!exports && !held) return null;
  return (
    <section aria-label={t('caseFile.title')}>
      {held && <span className="tag tag-accent">{t('caseFile.held')}</span>}
      {exports && purpose === undefined && (
        <Button onClick={() => setPurpose('')}>{t('caseFile.export')}</Button>
      )}
      {exports && purpose !== undefined && (
        <>
          <Input
            aria-label={t('caseFile.purpose')}
            placeholder={t('caseFile.purpose')}
            value={purpose}
            maxLength={2000}
            onChange={({ target }) => setPurpose(target.value)}
          />
          <Button
            type="primary"
            loading={taken.isPending}
            disabled={purpose.trim() === ''}
            onClick={() => taken.mutate()}
          >
            {t('caseFile.take')}
          </Button>
          <Button onClick={() => setPurpose(undefined)}>{t('order.cancel')}</Button>
        </>
      )}
      {taken.isError && <p className="bad">{t('caseFile.failed', { why: why(taken.error) })}</p>}
    </section>
  );
}
