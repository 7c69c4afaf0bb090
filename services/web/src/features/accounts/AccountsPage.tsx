import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../api/account-types.ts';
import { keys } from '../../api/keys.ts';
import { usePages } from '../../api/use-pages.ts';
import { navigate, useRoute } from '../../app/router.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { More } from '../../ui/More.tsx';
import { Note } from '../../ui/Note.tsx';
import { AccountDrawer } from './AccountDrawer.tsx';
import './accounts.css';
import { NewAccount } from './NewAccount.tsx';
import { scopeOf } from './scope.ts';

/** Who may sign in, as what and where: the operator's page. */
export function AccountsPage() {
  const { t } = useTranslation();
  const { segments } = useRoute();
  const [search, setSearch] = useState('');
  const [adding, setAdding] = useState(false);
  const list = usePages<Account>({
    key: keys.accounts,
    path: '/accounts',
    filter: { search: search === '' ? undefined : search },
  });
  const opened = segments[1];
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('accounts.title')}</h1>
        <Input.Search
          className="accounts-search"
          allowClear
          placeholder={t('accounts.search')}
          aria-label={t('accounts.search')}
          onSearch={(text) => setSearch(text.trim())}
        />
        <Button type="primary" onClick={() => setAdding(true)}>
          {t('accounts.add')}
        </Button>
      </div>
      {list.isPending ? (
        <Bones lines={8} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="session" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <Note title={t('accounts.empty')} />
      ) : (
        <ul className="accounts" aria-label={t('accounts.title')}>
          {list.items.map((account) => (
            <li key={account.id}>
              <Link to={`/accounts/${account.id}`} className="account">
                <b>{account.displayName || account.username}</b>
                <span className="account-name">{account.username}</span>
                <span className="tag tag-accent">{t(`role.${account.role}`)}</span>
                <span className="account-scope">{scopeOf(t, account)}</span>
                <span className="account-tags">
                  {account.disabled && <span className="tag tag-bad">{t('accounts.disabled')}</span>}
                  {account.mustChangePassword && (
                    <span className="tag tag-warn">{t('accounts.mustChange')}</span>
                  )}
                  {account.secondFactor && <span className="tag tag-good">{t('accounts.secondFactor')}</span>}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <More list={list} />
      <AccountDrawer
        key={opened}
        account={list.items.find(({ id }) => id === opened)}
        onClose={() => navigate('/accounts')}
      />
      <NewAccount open={adding} onClose={() => setAdding(false)} />
    </div>
  );
}
