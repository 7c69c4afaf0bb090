import { Button, Drawer, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWhy } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { MerchantPicker } from '../../ui/MerchantPicker.tsx';
import { RegionChoice, useHomeRegion } from '../../ui/RegionChoice.tsx';
import { usePhone } from '../../ui/use-media.ts';
import { SecretNote } from './SecretNote.tsx';
import { useGateways } from './use-gateways.ts';

/** A new gateway; when it is there, what its box needs to connect. */
export function NewGateway({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const why = useWhy();
  const phone = usePhone();
  const home = useHomeRegion();
  const { add } = useGateways();
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const [region, setRegion] = useState(home);
  const [merchant, setMerchant] = useState('');
  const complete = code.trim() !== '' && name.trim() !== '' && region !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (region === null || !complete) return;
    add.mutate({ code: code.trim(), name: name.trim(), region, merchant: merchant === '' ? null : merchant });
  };
  return (
    <Drawer open onClose={onClose} title={t('gateways.add')} size={phone ? '100%' : 480}>
      {add.isSuccess ? (
        <div className="gateway-form">
          <SecretNote secret={add.data.mqtt} />
          <Button type="primary" onClick={onClose}>
            {t('gateways.written')}
          </Button>
        </div>
      ) : (
        <form className="gateway-form" onSubmit={submit} noValidate>
          <Field id="gateway-name" label={t('gateways.name')}>
            <Input
              id="gateway-name"
              value={name}
              maxLength={200}
              onChange={({ target }) => setName(target.value)}
            />
          </Field>
          <Field id="gateway-code" label={t('gateways.code')} hint={t('gateways.codeHint')}>
            <Input
              id="gateway-code"
              value={code}
              autoCapitalize="none"
              onChange={({ target }) => setCode(target.value)}
            />
          </Field>
          <RegionChoice
            id="gateway-region"
            label={t('gateways.region')}
            value={region}
            unset={t('registry.chooseRegion')}
            onChange={setRegion}
          />
          <Field id="gateway-merchant" label={t('gateways.merchant')} hint={t('gateways.merchantHint')}>
            <MerchantPicker id="gateway-merchant" value={merchant} onChange={setMerchant} />
          </Field>
          {add.isError && (
            <p className="bad" role="alert">
              {why(add.error)}
            </p>
          )}
          <Button type="primary" htmlType="submit" disabled={!complete} loading={add.isPending}>
            {t('gateways.create')}
          </Button>
        </form>
      )}
    </Drawer>
  );
}
