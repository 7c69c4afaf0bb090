import { useQuery } from '@tanstack/react-query';
import { Button, Drawer, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Account, MERCHANT_ROLES, type OpenSession, ROLES } from '../../api/account-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { RegionChoice } from '../../ui/RegionChoice.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { scopeOf } from './scope.ts';
import { type AccountChange, useAccounts } from './use-accounts.ts';
import '../../ui/facts.css';

/** One account: role and scope; disable, new password, end sessions. The own one is changed under 我的账号. */
export function AccountDrawer({ account, onClose }: { account: Account | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  return (
    <Drawer
      open={account !== undefined}
      onClose={onClose}
      title={account?.displayName ?? t('accounts.details')}
      size={phone ? '100%' : 520}
      destroyOnHidden
    >
      {account !== undefined && <Details account={account} />}
    </Drawer>
  );
}

function Details({ account }: { account: Account }) {
  const { t } = useTranslation();
  const why = useWhy();
  const own = useCurrentSession().account.id === account.id;
  const { change, remove } = useAccounts();
  const [password, setPassword] = useState('');
  const sessions = useQuery({
    queryKey: keys.accountSessions(account.id),
    queryFn: ({ signal }) => ask<{ items: OpenSession[] }>(`/accounts/${account.id}/sessions`, { signal }),
  });
  const open = sessions.data?.items.length ?? 0;
  const ofMerchant = MERCHANT_ROLES.includes(account.role);
  const save = (body: AccountChange) => change.mutate({ id: account.id, body });
  const error = change.error ?? remove.error;
  return (
    <div>
      <dl className="facts">
        <dt>{t('accounts.username')}</dt>
        <dd>{account.username}</dd>
        <dt>{t('accounts.role')}</dt>
        <dd>{t(`role.${account.role}`)}</dd>
        <dt>{t('me.scope')}</dt>
        <dd>{scopeOf(t, account)}</dd>
        <dt>{t('accounts.secondFactor')}</dt>
        <dd>{account.secondFactor ? t('secondFactor.on') : t('secondFactor.off')}</dd>
      </dl>
      {!own && (
        <>
          <div className="stack-form">
            <label htmlFor="edit-role">{t('accounts.role')}</label>
            <Select
              id="edit-role"
              value={account.role}
              options={ROLES.filter((role) => MERCHANT_ROLES.includes(role) === ofMerchant).map((value) => ({
                value,
                label: t(`role.${value}`),
              }))}
              onChange={(role) => save({ role })}
            />
            {!ofMerchant && (
              <RegionChoice
                id="edit-region"
                label={t('accounts.region')}
                everywhere={t('accounts.everywhere')}
                value={account.region?.code ?? null}
                onChange={(region) => save({ region })}
              />
            )}
            {account.role !== 'platform' && (
              <>
                <label htmlFor="edit-password">{t('accounts.password')}</label>
                <Input.Search
                  id="edit-password"
                  type="password"
                  autoComplete="new-password"
                  value={password}
                  enterButton={t('accounts.resetPassword')}
                  onChange={(event) => setPassword(event.target.value)}
                  onSearch={(text) => {
                    if (text !== '') save({ password: text });
                    setPassword('');
                  }}
                />
              </>
            )}
            <p className={error ? 'bad' : 'good'} role="alert">
              {error ? why(error) : change.isSuccess || remove.isSuccess ? t('accounts.done') : undefined}
            </p>
          </div>
          <div className="account-actions">
            <Button disabled={open === 0} onClick={() => remove.mutate({ id: account.id, what: 'sessions' })}>
              {t('accounts.endSessions', { count: open })}
            </Button>
            {account.secondFactor && (
              <Button onClick={() => remove.mutate({ id: account.id, what: 'second-factor' })}>
                {t('accounts.removeSecondFactor')}
              </Button>
            )}
            <Button danger={!account.disabled} onClick={() => save({ disabled: !account.disabled })}>
              {account.disabled ? t('accounts.enable') : t('accounts.disable')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
