import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Drawer, Input, Select } from 'antd';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { RegionChoice, useHomeRegion } from '../../ui/RegionChoice.tsx';
import { useFields } from '../../ui/use-fields.ts';
import { usePhone } from '../../ui/use-media.ts';
import { eventText } from '../system/event-text.ts';
import { BrokerFields, brokerBody, brokerTyped } from './BrokerFields.tsx';
import type { Webhook } from './types.ts';

interface PlatformDrawerProps {
  /** undefined: a new one. */
  webhook: Webhook | undefined;
  types: readonly string[];
  accounts: readonly string[];
  onClose: () => void;
}

/** One platform: its address, what it is told, whose orders it sends. The signing secret is shown once. */
export function PlatformDrawer({ webhook, types, accounts, onClose }: PlatformDrawerProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const phone = usePhone();
  const home = useHomeRegion();
  const client = useQueryClient();
  const { typed, set, changed } = useFields(webhook, (one) => ({
    name: one?.name ?? '',
    url: one?.url ?? '',
    ...brokerTyped(one),
    types: one?.types ?? [],
    region: one === undefined ? home : (one.region?.code ?? null),
    account: one?.account ?? null,
    cases: one?.cases?.url ?? '',
    enabled: one?.enabled ?? true,
  }));
  const mqtt = /^mqtts?:/.test(typed.url);
  const onSuccess = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: keys.webhooks }),
      client.invalidateQueries({ queryKey: keys.outbox }),
    ]);
  const save = useMutation({
    mutationFn: () => {
      // Of one that is there only what was typed: what others changed meanwhile stays.
      const said = webhook === undefined ? typed : changed;
      const { name, url, types: chosen, account, cases, enabled } = said;
      const body = {
        ...(name !== undefined && { name }),
        ...(url !== undefined && { url }),
        ...(chosen !== undefined && { types: chosen }),
        ...(account !== undefined && { account }),
        ...(enabled !== undefined && { enabled }),
        ...(mqtt && brokerBody(said)),
        ...(cases !== undefined && { cases: cases.trim() === '' ? null : { url: cases.trim() } }),
      };
      return webhook === undefined
        ? ask<Webhook & { secret?: string }>('/webhooks', {
            method: 'POST',
            body: { ...body, region: typed.region },
          })
        : ask<Webhook & { secret?: string }>(`/webhooks/${webhook.id}`, { method: 'PATCH', body });
    },
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: () => ask(`/webhooks/${webhook?.id}`, { method: 'DELETE' }),
    onSuccess: async () => {
      await onSuccess();
      onClose();
    },
  });
  const secret = save.data?.secret;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const error = save.error ?? remove.error;
  return (
    <Drawer
      open
      onClose={onClose}
      title={webhook?.name ?? t('settings.platform.add')}
      size={phone ? '100%' : 560}
    >
      <form className="settings-list" onSubmit={submit}>
        <Field id="platform-name" label={t('settings.name')}>
          <Input
            id="platform-name"
            value={typed.name}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <Field id="platform-url" label={t('settings.platform.url')} hint={t('settings.platform.urlHint')}>
          <Input
            id="platform-url"
            value={typed.url}
            autoCapitalize="none"
            onChange={(event) => set({ url: event.target.value.trim() })}
          />
        </Field>
        <RegionChoice
          id="platform-region"
          value={typed.region}
          disabled={webhook !== undefined}
          onChange={(region) => set({ region })}
        />
        <Field
          id="platform-types"
          label={t('settings.platform.types')}
          hint={t('settings.platform.typesHint')}
        >
          <Select
            id="platform-types"
            mode="multiple"
            value={typed.types}
            options={types.map((value) => ({ value, label: `${eventText(t, value)} (${value})` }))}
            onChange={(chosen: string[]) => set({ types: chosen })}
          />
        </Field>
        <Field id="platform-account" label={t('settings.platform.account')}>
          <Select
            id="platform-account"
            allowClear
            value={typed.account}
            options={accounts.map((value) => ({ value, label: value }))}
            onChange={(account: string | undefined) => set({ account: account ?? null })}
          />
        </Field>
        {mqtt && <BrokerFields webhook={webhook} account={typed.account} typed={typed} onChange={set} />}
        <Field id="platform-cases" label={t('settings.platform.cases')}>
          <Input
            id="platform-cases"
            value={typed.cases}
            autoCapitalize="none"
            onChange={(event) => set({ cases: event.target.value })}
          />
        </Field>
        <Checkbox checked={typed.enabled} onChange={(event) => set({ enabled: event.target.checked })}>
          {t('settings.platform.enabled')}
        </Checkbox>
        {secret !== undefined && (
          <p className="settings-secret" role="alert">
            {t('settings.platform.secret')} <code>{secret}</code>
            <span className="field-hint">{t('settings.platform.secretHint')}</span>
          </p>
        )}
        <p role="status" className={error === null ? 'good' : 'bad'}>
          {error !== null ? why(error) : save.isSuccess ? t('settings.saved') : ''}
        </p>
        <div className="settings-buttons">
          <Button
            type="primary"
            htmlType="submit"
            disabled={
              typed.name.trim() === '' || typed.url === '' || (webhook === undefined && save.isSuccess)
            }
            loading={save.isPending}
          >
            {t('settings.save')}
          </Button>
          {webhook !== undefined && (
            <Button danger loading={remove.isPending} onClick={() => remove.mutate()}>
              {t('settings.platform.remove')}
            </Button>
          )}
        </div>
      </form>
    </Drawer>
  );
}
