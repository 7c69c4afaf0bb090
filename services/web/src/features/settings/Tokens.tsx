import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '../../api/account-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { Age, Moment } from '../../ui/Times.tsx';

interface Token {
  id: string;
  name: string;
  createdAt: string;
  expiresAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

/** Tokens by which one platform comes in; each is shown once, when it is made. */
export function Tokens({ account }: { account: Account }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const key = [...keys.accounts, account.id, 'tokens'];
  const tokens = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => ask<{ items: Token[] }>(`/accounts/${account.id}/tokens`, { signal }),
  });
  const onSettled = () => client.invalidateQueries({ queryKey: key });
  const add = useMutation({
    mutationFn: () =>
      ask<Token & { token: string }>(`/accounts/${account.id}/tokens`, { method: 'POST', body: { name } }),
    onSuccess: () => setName(''),
    onSettled,
  });
  const revoke = useMutation({
    mutationFn: (id: string) => ask(`/accounts/${account.id}/tokens/${id}`, { method: 'DELETE' }),
    onSettled,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '') add.mutate();
  };
  const error = add.error ?? revoke.error;
  const id = `token-${account.id}`;
  return (
    <li className="sheet settings-card">
      <h3>
        {account.displayName || account.username} <span className="settings-quiet">{account.username}</span>
      </h3>
      <ul>
        {tokens.data?.items.map((one) => (
          <li key={one.id} className="settings-token">
            <span>
              {one.name}{' '}
              <span className="settings-quiet">
                {one.revokedAt !== null ? (
                  t('settings.platform.revoked')
                ) : (
                  <>
                    {t('settings.platform.expires')} <Moment at={one.expiresAt} /> ·{' '}
                    {one.lastUsedAt === null ? (
                      t('settings.platform.unused')
                    ) : (
                      <>
                        {t('settings.platform.used')} <Age at={one.lastUsedAt} />
                      </>
                    )}
                  </>
                )}
              </span>
            </span>
            {one.revokedAt === null && (
              <Button size="small" danger onClick={() => revoke.mutate(one.id)}>
                {t('settings.platform.revoke', { name: one.name })}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <form onSubmit={submit}>
        <Field id={id} label={t('settings.platform.tokenName')}>
          <Input id={id} value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Button htmlType="submit" disabled={name.trim() === ''} loading={add.isPending}>
          {t('settings.platform.addToken')}
        </Button>
      </form>
      {add.data !== undefined && (
        <p className="settings-secret" role="alert">
          {t('settings.platform.token')} <code>{add.data.token}</code>
        </p>
      )}
      {error !== null && (
        <p className="bad" role="alert">
          {why(error)}
        </p>
      )}
    </li>
  );
}
