import { DeleteOutlined, SendOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { MyNotifications, MyTarget } from '../../api/notify-types.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { NewTarget } from './NewTarget.tsx';
import { PushSwitch } from './PushSwitch.tsx';

/** Where I am reached. */
export function Targets({ mine }: { mine: MyNotifications }) {
  const { t } = useTranslation();
  return (
    <section className="sheet notify-sheet" aria-label={t('notify.targets')}>
      <h2>{t('notify.targets')}</h2>
      {mine.targets.length === 0 && <p className="notify-none">{t('notify.noTargets')}</p>}
      <ul className="notify-targets">
        {mine.targets.map((target) => (
          <Target key={target.id} target={target} />
        ))}
      </ul>
      <PushSwitch mine={mine} />
      <NewTarget />
    </section>
  );
}

function Target({ target }: { target: MyTarget }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const path = `/my/notifications/targets/${encodeURIComponent(target.id)}`;
  const test = useMutation({ mutationFn: () => ask(`${path}/test`, { method: 'POST' }) });
  const remove = useMutation({
    mutationFn: () => ask(path, { method: 'DELETE' }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.myNotifications }),
  });
  const error = test.error ?? remove.error;
  const name = target.name || t(`notify.channel.${target.channel}`);
  return (
    <li>
      <span className="tag">{t(`notify.channel.${target.channel}`)}</span>
      <span className="notify-target">
        <b>{name}</b> <span className="notify-shown">{target.shown}</span>
      </span>
      <Button
        size="small"
        icon={<SendOutlined />}
        loading={test.isPending}
        onClick={() => test.mutate()}
        aria-label={`${t('notify.test')} ${name}`}
      >
        {t('notify.test')}
      </Button>
      <Button
        size="small"
        danger
        icon={<DeleteOutlined />}
        loading={remove.isPending}
        onClick={() => remove.mutate()}
        aria-label={`${t('notify.remove')} ${name}`}
      />
      <span role="status" className={error === null ? 'notify-said' : 'notify-said bad'}>
        {error !== null ? why(error) : test.isSuccess ? t('notify.testSent') : ''}
      </span>
    </li>
  );
}
