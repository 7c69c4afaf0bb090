import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useWhy } from '../../ui/Failure.tsx';

const CHANNELS = ['sms', 'wecom', 'dingtalk', 'feishu', 'webhook'] as const;

/** A phone or a robot of a chat group. */
export function NewTarget() {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [channel, setChannel] = useState<(typeof CHANNELS)[number]>('sms');
  const [address, setAddress] = useState('');
  const [secret, setSecret] = useState('');
  const add = useMutation({
    mutationFn: () =>
      ask('/my/notifications/targets', {
        method: 'POST',
        body:
          channel === 'sms'
            ? { channel, phone: address.replaceAll(/[\s-]/g, '') }
            : { channel, url: address.trim(), ...(secret.trim() !== '' && { secret: secret.trim() }) },
      }),
    onSuccess: () => {
      setAddress('');
      setSecret('');
      void client.invalidateQueries({ queryKey: keys.myNotifications });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate();
  };
  const label = t(
    channel === 'sms' ? 'notify.phone' : channel === 'webhook' ? 'notify.httpUrl' : 'notify.url',
  );
  const secretLabel = t(channel === 'webhook' ? 'notify.whsec' : 'notify.secret');
  return (
    <form className="notify-new" onSubmit={submit} aria-label={t('notify.add')}>
      <Select
        aria-label={t('notify.channelLabel')}
        value={channel}
        onChange={setChannel}
        options={CHANNELS.map((value) => ({ value, label: t(`notify.channel.${value}`) }))}
      />
      <Input
        aria-label={label}
        placeholder={label}
        value={address}
        autoComplete="off"
        inputMode={channel === 'sms' ? 'tel' : 'url'}
        onChange={({ target }) => setAddress(target.value)}
      />
      {(channel === 'dingtalk' || channel === 'feishu' || channel === 'webhook') && (
        <Input.Password
          aria-label={secretLabel}
          placeholder={secretLabel}
          value={secret}
          autoComplete="off"
          onChange={({ target }) => setSecret(target.value)}
        />
      )}
      <Button htmlType="submit" loading={add.isPending} disabled={address.trim() === ''}>
        {t('notify.add')}
      </Button>
      {add.isError && (
        <p role="alert" className="bad">
          {why(add.error)}
        </p>
      )}
    </form>
  );
}
