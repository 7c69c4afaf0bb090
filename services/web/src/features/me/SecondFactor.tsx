import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { useSecondFactor } from './use-second-factor.ts';

/** Turning the second factor on: password, key, first code, recovery codes; and off again. */
export function SecondFactor() {
  const { t } = useTranslation();
  const why = useWhy();
  const { account } = useCurrentSession();
  const { begin, confirm, remove, refresh } = useSecondFactor();
  const [typed, setTyped] = useState('');
  const codes = confirm.data?.recoveryCodes;
  const begun = begin.data;

  if (codes !== undefined) {
    return (
      <div className="stack-form">
        <p>{t('secondFactor.codes')}</p>
        <ul className="recovery-codes num">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <Button
          type="primary"
          onClick={() => {
            begin.reset();
            confirm.reset();
            void refresh();
          }}
        >
          {t('secondFactor.done')}
        </Button>
      </div>
    );
  }
  const step = account.secondFactor ? remove : begun === undefined ? begin : confirm;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== '') step.mutate(typed.trim(), { onSuccess: () => setTyped('') });
  };
  const label =
    begun === undefined || account.secondFactor ? t('me.passwordAgain') : t('secondFactor.confirm');
  const button = account.secondFactor
    ? t('secondFactor.remove')
    : begun === undefined
      ? t('secondFactor.begin')
      : t('secondFactor.confirmButton');
  return (
    <form className="stack-form" onSubmit={submit} noValidate>
      <p>{account.secondFactor ? t('secondFactor.on') : t('secondFactor.off')}</p>
      {begun !== undefined && !account.secondFactor && (
        <>
          <p>{t('secondFactor.secret')}</p>
          <code className="secret">{begun.secret}</code>
          <p>
            <a href={begun.uri}>{t('secondFactor.openApp')}</a>
          </p>
        </>
      )}
      <label htmlFor="second-factor">{label}</label>
      {step === confirm ? (
        <Input
          id="second-factor"
          autoComplete="one-time-code"
          inputMode="numeric"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      ) : (
        <Input.Password
          id="second-factor"
          autoComplete="current-password"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      <p className="bad" role="alert">
        {step.error ? why(step.error) : undefined}
      </p>
      <Button htmlType="submit" loading={step.isPending}>
        {button}
      </Button>
    </form>
  );
}
