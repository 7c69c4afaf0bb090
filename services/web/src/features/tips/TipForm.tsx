import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../api/client.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { TIP_DECISIONS, type Tip, type TipDecision } from './types.ts';
import { patchTip } from './use-tips.ts';

const LONGEST = 500;

/** What becomes of a tip, and the words that its receipt shows. */
export function TipForm({ tip, onDone }: { tip: Tip; onDone: () => void }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [state, setState] = useState<TipDecision>(tip.state === 'new' ? 'taken' : tip.state);
  const [answer, setAnswer] = useState(tip.answer);
  const [asked, setAsked] = useState(false);
  const decide = useMutation({
    mutationFn: () =>
      ask<Tip>(`/tips/${tip.id}`, {
        method: 'POST',
        body: { version: tip.version, state, answer: answer.trim() },
      }),
    onSuccess(decided) {
      patchTip(client, decided);
      onDone();
    },
    async onError(error) {
      // Somebody else was first: what they said is shown, what is typed here stays.
      if (error instanceof ApiError && error.status === 409)
        patchTip(client, await ask<Tip>(`/tips/${tip.id}`));
    },
  });
  const missing = state !== 'taken' && answer.trim() === '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!missing && !decide.isPending) decide.mutate();
  };
  const id = `tip-answer-${tip.id}`;
  return (
    <form className="tip-form" onSubmit={submit}>
      <fieldset className="chips" aria-label={t('tips.result')}>
        {TIP_DECISIONS.map((one) => (
          <button
            key={one}
            type="button"
            className="chip"
            aria-pressed={one === state}
            onClick={() => setState(one)}
          >
            {t(`tips.decision.${one}`)}
          </button>
        ))}
      </fieldset>
      <Field
        id={id}
        label={t('tips.answer')}
        hint={t('tips.answerHint')}
        error={asked && missing ? t('tips.answerMissing') : undefined}
      >
        <Input.TextArea
          id={id}
          rows={3}
          maxLength={LONGEST}
          value={answer}
          aria-invalid={asked && missing}
          onChange={(event) => setAnswer(event.target.value)}
        />
      </Field>
      {decide.isError && (
        <p className="bad" role="alert">
          {why(decide.error)}
        </p>
      )}
      <p className="tip-buttons">
        <Button type="primary" htmlType="submit" loading={decide.isPending}>
          {t('tips.send')}
        </Button>
      </p>
    </form>
  );
}
