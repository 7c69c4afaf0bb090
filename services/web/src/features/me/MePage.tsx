import { useTranslation } from 'react-i18next';
import { useCurrentSession } from '../../app/session-context.ts';
import { scopeOf } from '../accounts/scope.ts';
import { PasswordForm } from '../session/PasswordForm.tsx';
import './me.css';
import { OwnSessions } from './OwnSessions.tsx';
import { SecondFactor } from './SecondFactor.tsx';
import '../../ui/facts.css';

/** One's own account: who one is, where one is signed in, password and second factor. */
export function MePage() {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  return (
    <div className="page me">
      <div className="page-head">
        <h1>{t('me.title')}</h1>
      </div>
      <section aria-label={t('me.title')}>
        <dl className="facts">
          <dt>{t('accounts.username')}</dt>
          <dd>{account.username}</dd>
          <dt>{t('accounts.name')}</dt>
          <dd>{account.displayName}</dd>
          <dt>{t('accounts.role')}</dt>
          <dd>{t(`role.${account.role}`)}</dd>
          <dt>{t('me.scope')}</dt>
          <dd>{scopeOf(t, account)}</dd>
        </dl>
      </section>
      <section aria-labelledby="me-sessions">
        <h2 id="me-sessions">{t('me.sessions')}</h2>
        <p className="me-hint">{t('me.sessionsHint')}</p>
        <OwnSessions />
      </section>
      <section aria-labelledby="me-password">
        <h2 id="me-password">{t('password.title')}</h2>
        <PasswordForm />
      </section>
      <section aria-labelledby="me-second-factor">
        <h2 id="me-second-factor">{t('secondFactor.title')}</h2>
        <SecondFactor />
      </section>
    </div>
  );
}
