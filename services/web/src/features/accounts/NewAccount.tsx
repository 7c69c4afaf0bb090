import { Button, Drawer, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MERCHANT_ROLES, ROLES, type Role } from '../../api/account-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { MerchantPicker } from '../../ui/MerchantPicker.tsx';
import { RegionChoice, useHomeRegion } from '../../ui/RegionChoice.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { useAccounts } from './use-accounts.ts';

const EMPTY = { username: '', displayName: '', password: '', merchant: '', role: 'inspector' as Role };

/** A new account; its password is to be changed at the first sign-in. */
export function NewAccount({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const why = useWhy();
  const phone = usePhone();
  const { add } = useAccounts();
  const home = useHomeRegion();
  const [typed, setTyped] = useState({ ...EMPTY, region: home });
  const ofMerchant = MERCHANT_ROLES.includes(typed.role);
  const set = (change: Partial<typeof typed>) => setTyped({ ...typed, ...change });
  const close = () => {
    setTyped({ ...EMPTY, region: home });
    add.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(
      {
        username: typed.username.trim(),
        displayName: typed.displayName.trim() || typed.username.trim(),
        role: typed.role,
        region: ofMerchant ? null : typed.region,
        merchant: ofMerchant && typed.merchant !== '' ? typed.merchant : null,
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
          showSearch={{ optionFilterProp: 'label' }}
          value={typed.role}
          options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          onChange={(role: Role) => set({ role })}
        />
        {ofMerchant ? (
          <>
            <label htmlFor="account-merchant">{t('accounts.merchant')}</label>
            <MerchantPicker
              id="account-merchant"
              value={typed.merchant}
              onChange={(merchant) => set({ merchant })}
            />
          </>
        ) : (
          <RegionChoice
            id="account-region"
            label={t('accounts.region')}
            everywhere={t('accounts.everywhere')}
            value={typed.region}
            onChange={(region) => set({ region })}
          />
        )}
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
