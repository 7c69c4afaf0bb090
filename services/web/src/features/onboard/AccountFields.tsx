import { Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

export interface CameraAccount {
  user: string;
  password: string;
}

interface AccountFieldsProps {
  value: CameraAccount;
  onChange: (change: Partial<CameraAccount>) => void;
}

/** What a camera is asked with. The browser neither fills in nor keeps it: it is not the account of who sits here. */
export function AccountFields({ value, onChange }: AccountFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      <div className="onboard-field">
        <label htmlFor={`${id}-user`}>{t('onboard.address.user')}</label>
        <Input
          id={`${id}-user`}
          autoComplete="off"
          autoCapitalize="none"
          value={value.user}
          onChange={(event) => onChange({ user: event.target.value })}
        />
      </div>
      <div className="onboard-field">
        <label htmlFor={`${id}-password`}>{t('onboard.address.password')}</label>
        <Input.Password
          id={`${id}-password`}
          autoComplete="new-password"
          value={value.password}
          onChange={(event) => onChange({ password: event.target.value })}
        />
      </div>
    </>
  );
}
