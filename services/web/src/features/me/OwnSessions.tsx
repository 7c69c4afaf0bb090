import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OpenSession } from '../../api/account-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { Age } from '../../ui/Times.tsx';
import { deviceOf } from './device.ts';

/** Where one is signed in; each but this one can be ended. */
export function OwnSessions() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: keys.sessions,
    queryFn: ({ signal }) => ask<{ items: OpenSession[] }>('/session/list', { signal }),
  });
  const end = useMutation({
    mutationFn: (id: string) => ask<void>(`/session/list/${id}`, { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.sessions }),
  });
  if (sessions.isPending) return <Bones lines={3} />;
  if (sessions.isError)
    return <Failure what="session" error={sessions.error} onRetry={() => void sessions.refetch()} />;
  return (
    <ul className="session-list" aria-label={t('me.sessions')}>
      {sessions.data.items.map(({ id, userAgent, address, lastUsedAt, createdAt, current }) => (
        <li key={id}>
          <div>
            <b>{deviceOf(userAgent)}</b> {current && <span className="tag tag-good">{t('me.current')}</span>}
            <p>
              {t('me.address')} {address} · {t('me.lastUsed')} <Age at={lastUsedAt ?? createdAt} />
            </p>
          </div>
          {!current && (
            <Button
              size="small"
              loading={end.isPending && end.variables === id}
              onClick={() => end.mutate(id)}
            >
              {t('me.end')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
