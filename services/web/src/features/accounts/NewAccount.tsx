import { Button, Drawer, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MERCHANT_ROLES, ROLES, type Role } from '../../api/account-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { useAccounts } from './use-accounts.ts';

const EMPTY = { username: '', displayName: '', password: '', place: '', role: 'inspector' as Role };

/** A new account; its password is to be changed at the first sign-in. */
export function NewAccount({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const why = useWhy();
  const phone = usePhone();
  const { add } = useAccounts();
  const [typed, setTyped] = useState(EMPTY);
  const ofMerchant = MERCHANT_ROLES.includes(typed.role);
  const set = (change: Partial<typeof EMPTY>) => setTyped({ ...typed, ...change });
  const close = () => {
    setTyped(EMPTY);
    add.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const place = typed.place.trim() === '' ? null : typed.place.trim();
    add.mutate(
      {
        username: typed.username.trim(),
        displayName: typed.displayName.trim() || typed.username.trim(),
        role: typed.role,
        region: ofMerchant ? null : place,
        merchant: ofMerchant ? place : null,
        ...(typed.role !== 'platform' && { password: typed.password }),
      },
      { onSuccess: close },
    );
  };
  return (
    <Drawer open={open} onClose={close} title={t('accounts.add')} size={phone ? '100%' : 460} destroyOnHidden>
      <form className="stack-form" onSubmit={submit} noValidate>
        <label htmlFor="account-username">{t('accounts.username')}</label>
        <Input
          id="account-username"
          autoComplete="off"
          autoCapitalize="none"
          value={typed.username}
          onChange={(event) => set({ username: event.target.value })}
        />
        <label htmlFor="account-name">{t('accounts.name')}</label>
        <Input
          id="account-name"
          autoComplete="off"
          value={typed.displayName}
          onChange={(event) => set({ displayName: event.target.value })}
        />
        <label htmlFor="account-role">{t('accounts.role')}</label>
        <Select
          id="account-role"
          value={typed.role}
          options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          onChange={(role: Role) => set({ role })}
        />
        <label htmlFor="account-place">{ofMerchant ? t('accounts.merchant') : t('accounts.region')}</label>
        <Input
          id="account-place"
          autoCapitalize="none"
          placeholder={ofMerchant ? undefined : t('accounts.regionHint')}
          value={typed.place}
          onChange={(event) => set({ place: event.target.value })}
        />
        {typed.role !== 'platform' && (
          <>
            <label htmlFor="account-password">{t('accounts.password')}</label>
            <Input.Password
              id="account-password"
              autoComplete="new-password"
              value={typed.password}
              onChange={(event) => set({ password: event.target.value })}
            />
            <span className="me-hint">{t('accounts.passwordHint')}</span>
          </>
        )}
        <p className="bad" role="alert">
          {add.error ? why(add.error) : undefined}
        </p>
        <Button type="primary" htmlType="submit" loading={add.isPending}>
          {t('accounts.create')}
        </Button>
      </form>
    </Drawer>
  );
}
