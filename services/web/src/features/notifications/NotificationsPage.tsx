import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { MyNotifications } from '../../api/notify-types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { HabitsForm } from './HabitsForm.tsx';
import { Messages } from './Messages.tsx';
import { MyMessages } from './MyMessages.tsx';
import { Targets } from './Targets.tsx';
import './notifications.css';

/** How the one who is signed in is told; for operators, below it, what everybody was sent. */
export function NotificationsPage() {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const mine = useQuery({
    queryKey: keys.myNotifications,
    queryFn: ({ signal }) => ask<MyNotifications>('/my/notifications', { signal }),
  });
  return (
    <div className="page notify">
      <div className="page-head">
        <h1>{t('notify.title')}</h1>
      </div>
      {mine.isPending ? (
        <Bones lines={6} />
      ) : mine.isError ? (
        <Failure what="notifications" error={mine.error} onRetry={() => void mine.refetch()} />
      ) : (
        <div className="notify-mine">
          <Targets mine={mine.data} />
          <HabitsForm habits={mine.data.habits} />
        </div>
      )}
      {account.role === 'operator' ? <Messages /> : <MyMessages />}
    </div>
  );
}
