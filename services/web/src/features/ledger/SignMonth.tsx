import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { LedgerMonth } from '../../api/ledger-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Moment } from '../../ui/Times.tsx';

/** The owner's signature under the month, or what stands in its way. */
export function SignMonth({ book }: { book: LedgerMonth }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [read, setRead] = useState(false);
  const sign = useMutation({
    mutationFn: () =>
      ask<LedgerMonth>(`/merchants/${encodeURIComponent(book.merchant.code)}/ledger/signatures`, {
        method: 'POST',
        body: { month: book.month, contentHash: book.contentHash },
      }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.ledgers }),
  });
  const { signature } = book;
  return (
    <section aria-label={t('ledger.signature')} className="signature">
      <h2>{t('ledger.signature')}</h2>
      {signature !== null ? (
        <p>
          <span className="tag tag-good">{t('ledger.signed')}</span> {signature.by} ·{' '}
          <Moment at={signature.at} />
          <br />
          <span className="quiet hash">SHA-256 {signature.contentHash}</span>
        </p>
      ) : book.notYet !== null ? (
        <p className="quiet">{t(`ledger.notYet.${book.notYet}`)}</p>
      ) : !book.maySign ? (
        <p className="quiet">{t('ledger.ownerSigns')}</p>
      ) : (
        <>
          <Checkbox checked={read} onChange={(event) => setRead(event.target.checked)}>
            {t('ledger.declare')}
          </Checkbox>
          <Button
            type="primary"
            size="large"
            disabled={!read}
            loading={sign.isPending}
            onClick={() => sign.mutate()}
          >
            {t('ledger.sign')}
          </Button>
        </>
      )}
      {sign.isError && (
        <p className="bad" role="alert">
          {why(sign.error)}
        </p>
      )}
    </section>
  );
}
