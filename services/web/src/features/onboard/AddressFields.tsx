import { Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountFields } from './AccountFields.tsx';
import { type AddressParts, MAKE_NAMES, MAKES, type Make, partsOf } from './rtsp-address.ts';

interface AddressFieldsProps {
  value: AddressParts;
  onChange: (value: AddressParts) => void;
}

const makeOf = ({ path }: AddressParts): Make =>
  MAKE_NAMES.find((make) => MAKES[make].path === path.trim()) ?? 'other';

/** The parts of an RTSP address; a whole one that is pasted into the first field is taken apart. */
export function AddressFields({ value, onChange }: AddressFieldsProps) {
  const { t } = useTranslation();
  const id = useId();
  const set = (change: Partial<AddressParts>) => onChange({ ...value, ...change });
  return (
    <div className="onboard-fields">
      <div className="onboard-field onboard-wide">
        <label htmlFor={`${id}-host`}>{t('onboard.address.host')}</label>
        <Input
          id={`${id}-host`}
          inputMode="url"
          autoComplete="off"
          autoCapitalize="none"
          placeholder="192.168.1.20"
          aria-describedby={`${id}-host-hint`}
          value={value.host}
          onChange={(event) => set(partsOf(event.target.value) ?? { host: event.target.value })}
        />
        <span id={`${id}-host-hint`} className="onboard-hint">
          {t('onboard.address.hostHint')}
        </span>
      </div>
      <div className="onboard-field">
        <label htmlFor={`${id}-port`}>{t('onboard.address.port')}</label>
        <Input
          id={`${id}-port`}
          inputMode="numeric"
          value={value.port}
          onChange={(event) => set({ port: event.target.value.replace(/\D/g, '') })}
        />
      </div>
      <AccountFields value={value} onChange={set} />
      <div className="onboard-field">
        <label htmlFor={`${id}-make`}>{t('onboard.address.make')}</label>
        <select
          id={`${id}-make`}
          className="onboard-select"
          value={makeOf(value)}
          onChange={(event) => set(MAKES[event.target.value as Make])}
        >
          {MAKE_NAMES.map((make) => (
            <option key={make} value={make}>
              {t(`onboard.make.${make}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="onboard-field onboard-wide">
        <label htmlFor={`${id}-path`}>{t('onboard.address.path')}</label>
        <Input
          id={`${id}-path`}
          autoComplete="off"
          autoCapitalize="none"
          placeholder="/Streaming/Channels/101"
          value={value.path}
          onChange={(event) => set({ path: event.target.value })}
        />
      </div>
      <div className="onboard-field onboard-wide">
        <label htmlFor={`${id}-sub`}>{t('onboard.address.subPath')}</label>
        <Input
          id={`${id}-sub`}
          autoComplete="off"
          autoCapitalize="none"
          aria-describedby={`${id}-sub-hint`}
          placeholder={MAKES[makeOf(value)].subPath}
          value={value.subPath}
          onChange={(event) => set({ subPath: event.target.value })}
        />
        <span id={`${id}-sub-hint`} className="onboard-hint">
          {t('onboard.address.subHint')}
        </span>
      </div>
    </div>
  );
}
