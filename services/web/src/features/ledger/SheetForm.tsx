import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { CheckAnswer, CheckResult, LedgerSheet } from '../../api/ledger-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { SheetItem } from './SheetItem.tsx';
import { startingAnswers } from './starting-answers.ts';

/** The checklist to fill in: what the cameras saw stands in it already. */
export function SheetForm({ sheet, onDone }: { sheet: LedgerSheet; onDone: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const why = useWhy();
  const client = useQueryClient();
  const last = sheet.revisions.at(-1);
  const [answers, setAnswers] = useState(() => startingAnswers(t, sheet));
  const [summary, setSummary] = useState(last?.summary ?? '');
  const [asked, setAsked] = useState(false);
  const { items } = sheet.checklist;
  const change = (code: string, part: Partial<{ result: CheckResult; note: string }>): void =>
    setAnswers((before) => {
      const { result = null, note = '' } = before[code] ?? {};
      return { ...before, [code]: { result, note, ...part } };
    });
  const open = items.filter(({ code }) => (answers[code]?.result ?? null) === null);
  const silent = items.filter(({ code }) => {
    const answer = answers[code];
    return answer?.result === 'problem' && answer.note.trim() === '';
  });
  const complete = open.length === 0 && silent.length === 0;

  const save = useMutation({
    mutationFn: () =>
      ask<LedgerSheet>(`/merchants/${encodeURIComponent(sheet.merchant.code)}/ledger/records`, {
        method: 'POST',
        body: {
          period: sheet.period,
          start: sheet.start,
          after: sheet.revisions.length,
          checklist: sheet.checklist.id,
          answers: items.flatMap(({ code }): CheckAnswer[] => {
            const { result, note } = answers[code] ?? { result: null, note: '' };
            return result === null ? [] : [{ code, result, note: note.trim() }];
          }),
          summary: summary.trim(),
        },
      }),
    onSuccess(fresh) {
      client.setQueryData(keys.ledgerSheet(sheet.merchant.code, sheet.period, sheet.start), fresh);
      void client.invalidateQueries({ queryKey: keys.ledgers });
      onDone();
    },
  });
  const restOk = (): void =>
    setAnswers((before) =>
      Object.fromEntries(
        items.map(({ code }) => {
          const { result = null, note = '' } = before[code] ?? {};
          return [code, { result: result ?? 'ok', note }];
        }),
      ),
    );

  return (
    <form
      className="sheet-form"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (complete) save.mutate();
      }}
    >
      {items.map((item) => (
        <SheetItem
          key={item.code}
          item={item}
          proposal={sheet.proposals[item.code]}
          answer={answers[item.code] ?? { result: null, note: '' }}
          asked={asked}
          onChange={(part) => change(item.code, part)}
        />
      ))}
      {open.length > 0 && (
        <Button size="large" block onClick={restOk}>
          {t('ledger.restOk', { count: open.length })}
        </Button>
      )}
      <label htmlFor={id}>{t(`ledger.summary.${sheet.period}`)}</label>
      <Input.TextArea
        id={id}
        value={summary}
        maxLength={2000}
        autoSize={{ minRows: 2, maxRows: 8 }}
        onChange={(event) => setSummary(event.target.value)}
      />
      {asked && !complete && (
        <p className="bad" role="alert">
          {open.length > 0
            ? t('ledger.openCount', { count: open.length })
            : t('ledger.noteMissing', { count: silent.length })}
        </p>
      )}
      {save.isError && (
        <p className="bad" role="alert">
          {t('ledger.notSaved')}{' '}
          {save.error instanceof ApiError && save.error.status === 409
            ? t('ledger.changed')
            : why(save.error)}
        </p>
      )}
      <Button type="primary" size="large" block htmlType="submit" loading={save.isPending}>
        {t('ledger.save')}
      </Button>
    </form>
  );
}
