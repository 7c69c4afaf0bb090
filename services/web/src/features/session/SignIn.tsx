import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client.ts';
import { LanguageSwitch } from '../../app/LanguageSwitch.tsx';
import icon from '../../icon.svg';
import { useWhy } from '../../ui/Failure.tsx';
import './sign-in.css';
import { useSignIn } from './use-session.ts';

/** `ended`: there was a session, and it ran out. */
export function SignIn({ ended }: { ended: boolean }) {
  const { t } = useTranslation();
  const why = useWhy();
  const signIn = useSignIn();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const incomplete = username.trim() === '' || password === '';
    setMissing(incomplete);
    if (!incomplete) signIn.mutate({ username: username.trim(), password });
  };

  const failure = (): string | undefined => {
    if (missing) return t('session.missing');
    if (signIn.error instanceof ApiError && signIn.error.status === 401) return t('session.wrong');
    if (signIn.error instanceof ApiError && signIn.error.status === 429) return t('session.tooMany');
    if (signIn.error) return why(signIn.error);
    return ended && signIn.isIdle ? t('session.expired') : undefined;
  };
  const message = failure();

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
        <label htmlFor="username">{t('session.username')}</label>
        <Input
          id="username"
          size="large"
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
        <label htmlFor="password">{t('session.password')}</label>
        <Input.Password
          id="password"
          size="large"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <p className="sign-in-message bad" role="alert">
          {message}
        </p>
        <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
          {t('session.submit')}
        </Button>
      </form>
      <LanguageSwitch />
    </main>
  );
}
