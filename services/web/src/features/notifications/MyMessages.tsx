import { useTranslation } from 'react-i18next';
import { keys } from '../../api/keys.ts';
import type { Message } from '../../api/notify-types.ts';
import { usePages } from '../../api/use-pages.ts';
import { More } from '../../ui/More.tsx';
import { MessageCard } from './MessageCard.tsx';

/** The last messages to me. */
export function MyMessages() {
  const { t } = useTranslation();
  const list = usePages<Message>({ key: keys.myMessages, path: '/my/notifications/messages' });
  return (
    <section aria-label={t('notify.lastToMe')}>
      <h2 className="notify-heading">{t('notify.lastToMe')}</h2>
      {list.items.length === 0 && !list.isPending && <p className="notify-none">{t('notify.noMessages')}</p>}
      <ul className="notify-messages">
        {list.items.map((message) => (
          <MessageCard key={message.id} message={message} />
        ))}
      </ul>
      <More list={list} />
    </section>
  );
}
