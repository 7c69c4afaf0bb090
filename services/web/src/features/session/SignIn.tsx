import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { LanguageSwitch } from '../../app/LanguageSwitch.tsx';
import icon from '../../icon.svg';
import { useWhy } from '../../ui/Failure.tsx';
import './sign-in.css';
import { useSignIn } from './use-session.ts';

const isCodeRequired = (error: unknown): boolean =>
  error instanceof ApiError && error.problem.type === 'urn:mingzao:problem:code-required';

/** `ended`: there was a session, and it ran out. With a second factor, the code is asked for once the password was right. */
export function SignIn({ ended }: { ended: boolean }) {
  const { t } = useTranslation();
  const why = useWhy();
  const signIn = useSignIn();
  const [typed, setTyped] = useState({ username: '', password: '', code: '' });
  const [missing, setMissing] = useState(false);
  const [step, setStep] = useState<'password' | 'code'>('password');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [username, password, code] = [typed.username.trim(), typed.password, typed.code.trim()];
    const incomplete = username === '' || password === '' || (step === 'code' && code === '');
    setMissing(incomplete);
    if (incomplete) return;
    signIn.mutate(
      { username, password, ...(step === 'code' && { code }) },
      {
        onError(error) {
          if (isCodeRequired(error)) setStep('code');
        },
      },
    );
  };

  const failure = (): string | undefined => {
    if (missing) return step === 'code' ? t('secondFactor.ask') : t('session.missing');
    const { error } = signIn;
    if (isCodeRequired(error))
      return signIn.variables?.code === undefined ? undefined : t('secondFactor.wrong');
    if (error instanceof ApiError && error.status === 401) return t('session.wrong');
    if (error instanceof ApiError && error.status === 429) return t('session.tooMany');
    if (error) return why(error);
    return ended && signIn.isIdle ? t('session.expired') : undefined;
  };
  const set = (change: Partial<typeof typed>) => setTyped({ ...typed, ...change });

  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={submit} noValidate aria-labelledby="sign-in-title">
        <div className="sign-in-brand">
          <img src={icon} alt="" width={44} height={44} />
          <div>
            <h1 id="sign-in-title">{t('product.full')}</h1>
            <p>{t('product.tagline')}</p>
          </div>
        </div>
        {step === 'password' ? (
          <>
            <label htmlFor="username">{t('session.username')}</label>
            <Input
              id="username"
              size="large"
              autoComplete="username"
              autoCapitalize="none"
              autoFocus
              value={typed.username}
              onChange={(event) => set({ username: event.target.value })}
            />
            <label htmlFor="password">{t('session.password')}</label>
            <Input.Password
              id="password"
              size="large"
              autoComplete="current-password"
              value={typed.password}
              onChange={(event) => set({ password: event.target.value })}
            />
          </>
        ) : (
          <>
            <p className="sign-in-hint">{t('secondFactor.ask')}</p>
            <label htmlFor="code">{t('secondFactor.code')}</label>
            <Input
              id="code"
              size="large"
              autoComplete="one-time-code"
              autoFocus
              maxLength={20}
              value={typed.code}
              onChange={(event) => set({ code: event.target.value })}
            />
          </>
        )}
        <p className="sign-in-message bad" role="alert">
          {failure()}
        </p>
        <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
          {step === 'code' ? t('secondFactor.verify') : t('session.submit')}
        </Button>
        {step === 'code' && (
          <Button
            type="text"
            onClick={() => {
              signIn.reset();
              set({ password: '', code: '' });
              setStep('password');
            }}
          >
            {t('secondFactor.back')}
          </Button>
        )}
      </form>
      <LanguageSwitch />
    </main>
  );
}
