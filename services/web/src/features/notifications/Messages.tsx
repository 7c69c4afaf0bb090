import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import { MESSAGE_STATES, type Message, type MessagePage, type MessageState } from '../../api/notify-types.ts';
import { usePages } from '../../api/use-pages.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { More } from '../../ui/More.tsx';
import { MessageCard } from './MessageCard.tsx';

/** Milliseconds: sendings are not told live. */
const EVERY_MS = 15_000;

/** What everybody was sent, and what did not get through. */
export function Messages() {
  const { t } = useTranslation();
  const [state, setState] = useState<MessageState | undefined>();
  const list = usePages<Message>({
    key: keys.messages,
    path: '/messages',
    filter: { state },
    refetchInterval: EVERY_MS,
  });
  const counts = (list.data?.pages[0] as MessagePage | undefined)?.counts;
  return (
    <section aria-label={t('notify.messages')}>
      <h2 className="notify-heading">{t('notify.messages')}</h2>
      <div className="chips">
        {[undefined, ...MESSAGE_STATES].map((known) => (
          <button
            key={known ?? 'all'}
            type="button"
            className="chip"
            aria-pressed={state === known}
            onClick={() => setState(known)}
          >
            {known === undefined ? t('notify.all') : t(`notify.state.${known}`)}
            {known !== undefined && counts !== undefined && <span className="num">{counts[known]}</span>}
          </button>
        ))}
      </div>
      {list.isPending ? (
        <Bones lines={4} />
      ) : list.isError && list.items.length === 0 ? (
        <Failure what="notifications" error={list.error} onRetry={() => void list.refetch()} />
      ) : list.items.length === 0 ? (
        <p className="notify-none">{t('notify.noMessages')}</p>
      ) : (
        <ul className="notify-messages">
          {list.items.map((message) => (
            <MessageCard key={message.id} message={message} operator />
          ))}
        </ul>
      )}
      <More list={list} />
    </section>
  );
}
