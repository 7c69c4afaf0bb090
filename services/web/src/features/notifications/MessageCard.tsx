import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Message, MessageDetail, MessageState } from '../../api/notify-types.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { fullTime, shortTime } from '../../ui/time.ts';
import { deliveryError } from '../system/delivery-error.ts';

const LOOKS: Record<MessageState, string> = {
  pending: 'tag tag-warn',
  delivered: 'tag tag-good',
  dead: 'tag tag-bad',
  stopped: 'tag',
};

/** One message, what it said, and every sending of it. */
export function MessageCard({ message, operator = false }: { message: Message; operator?: boolean }) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => ask(`/messages/${message.id}/retry`, { method: 'POST' }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.messages }),
  });
  const [open, setOpen] = useState(false);
  return (
    <li className="sheet notify-message">
      <div className="notify-message-head">
        <span className={LOOKS[message.state]}>{t(`notify.state.${message.state}`)}</span>
        <span className="tag">{t(`notify.channel.${message.channel}`)}</span>
        {operator && (
          <span className="notify-who">{message.account ?? message.merchant ?? message.target.name}</span>
        )}
        <Moment at={message.createdAt} />
      </div>
      <p className="notify-title">{message.title}</p>
      {message.lines.length > 0 && (
        <ul className="notify-lines">
          {message.lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {message.lastError !== null && (
        <p className="bad notify-error">{deliveryError(t, message.lastError)}</p>
      )}
      {operator && (
        <div className="notify-message-foot">
          <Button size="small" type="text" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t('notify.sendings', { count: message.attempts })}
          </Button>
          {message.state === 'dead' && (
            <Button size="small" loading={retry.isPending} onClick={() => retry.mutate()}>
              {t('notify.retry')}
            </Button>
          )}
          {retry.isError && <span className="bad">{why(retry.error)}</span>}
        </div>
      )}
      {open && <Sendings id={message.id} />}
    </li>
  );
}

function Sendings({ id }: { id: string }) {
  const { t } = useTranslation();
  const detail = useQuery({
    queryKey: [...keys.messages, id],
    queryFn: ({ signal }) => ask<MessageDetail>(`/messages/${id}`, { signal }),
  });
  return (
    <ol className="notify-sendings">
      {detail.data?.sendings.map(({ attempt, at, ok, status, error }) => (
        <li key={`${attempt}-${at}`}>
          <Moment at={at} /> {ok ? t('notify.state.delivered') : error} {status !== null && `(${status})`}
        </li>
      ))}
    </ol>
  );
}

function Moment({ at }: { at: string }) {
  const language = useLanguage();
  return (
    <time dateTime={at} title={fullTime(at, language)}>
      {shortTime(at, language)}
    </time>
  );
}
