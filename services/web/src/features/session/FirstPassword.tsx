import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../../app/LanguageSwitch.tsx';
import { PasswordForm } from './PasswordForm.tsx';
import './sign-in.css';
import { useSignOut } from './use-session.ts';

/** Somebody else chose the password: one's own comes before anything else. */
export function FirstPassword() {
  const { t } = useTranslation();
  const signOut = useSignOut();
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>{t('password.first')}</h1>
        <p className="sign-in-hint">{t('password.firstHint')}</p>
        <PasswordForm />
        <Button type="text" onClick={() => signOut.mutate()}>
          {t('session.signOut')}
        </Button>
      </div>
      <LanguageSwitch />
    </main>
  );
}
