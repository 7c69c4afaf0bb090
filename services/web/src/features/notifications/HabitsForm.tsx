import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Radio, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { type Habits, type MyNotifications, NOTIFY_TOPICS } from '../../api/notify-types.ts';
import { useWhy } from '../../ui/Failure.tsx';

const FIRST_QUIET = { from: '22:00', to: '07:00' };

/** Language, topics, quiet hours. */
export function HabitsForm({ habits }: { habits: Habits }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const [draft, setDraft] = useState(habits);
  const save = useMutation({
    mutationFn: () => ask<MyNotifications>('/my/notifications', { method: 'PUT', body: draft }),
    onSuccess: (saved) => client.setQueryData(keys.myNotifications, saved),
  });
  const set = (change: Partial<Habits>): void => {
    save.reset();
    setDraft({ ...draft, ...change });
  };
  const { quiet } = draft;
  return (
    <section className="sheet notify-sheet" aria-label={t('notify.habits')}>
      <h2>{t('notify.habits')}</h2>
      <Form layout="vertical" onFinish={() => save.mutate()}>
        <Form.Item label={t('notify.topics')}>
          <Checkbox.Group
            value={draft.topics}
            onChange={(topics) => set({ topics })}
            options={NOTIFY_TOPICS.map((topic) => ({ value: topic, label: t(`notify.topic.${topic}`) }))}
          />
        </Form.Item>
        <Form.Item label={t('notify.leastClass')} htmlFor="notify-class">
          <Select
            id="notify-class"
            value={draft.leastClass}
            onChange={(leastClass) => set({ leastClass })}
            options={([3, 2, 1] as const).map((value) => ({ value, label: t(`notify.least.c${value}`) }))}
          />
        </Form.Item>
        <Form.Item label={t('notify.language')}>
          <Radio.Group
            value={draft.language}
            onChange={({ target }) => set({ language: target.value as Habits['language'] })}
            options={[
              { value: 'zh-CN', label: '中文' },
              { value: 'en', label: 'English' },
            ]}
          />
        </Form.Item>
        <Form.Item label={t('notify.quiet')} extra={t('notify.quietHint')}>
          <div className="notify-quiet">
            <Switch
              aria-label={t('notify.quiet')}
              checked={quiet !== null}
              onChange={(on) =>
                set({
                  quiet: on
                    ? { ...FIRST_QUIET, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }
                    : null,
                })
              }
            />
            {quiet !== null && (
              <>
                <Input
                  type="time"
                  aria-label={t('notify.from')}
                  value={quiet.from}
                  onChange={({ target }) => set({ quiet: { ...quiet, from: target.value } })}
                />
                <span aria-hidden>–</span>
                <Input
                  type="time"
                  aria-label={t('notify.to')}
                  value={quiet.to}
                  onChange={({ target }) => set({ quiet: { ...quiet, to: target.value } })}
                />
                <span className="notify-zone">{quiet.timeZone}</span>
              </>
            )}
          </div>
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('notify.save')}
        </Button>
        <span role="status" className={save.isError ? 'notify-said bad' : 'notify-said'}>
          {save.isSuccess ? t('notify.saved') : save.isError ? why(save.error) : ''}
        </span>
      </Form>
    </section>
  );
}
