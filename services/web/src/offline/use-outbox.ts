import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { keys } from '../api/keys.ts';
import { endSession } from '../app/query-client.ts';
import { useCurrentSession } from '../app/session-context.ts';
import { keepShell } from './keep-shell.ts';
import { type OutboxState, openOutbox, outboxState, subscribeOutbox } from './outbox.ts';

export const useOutbox = (): OutboxState => useSyncExternalStore(subscribeOutbox, outboxState);

/** Sends what the account that is signed in left in this browser, while the page that calls it is open: one at a time. */
export function useSending(): void {
  const client = useQueryClient();
  const { username } = useCurrentSession().account;
  useEffect(keepShell, []);
  useEffect(
    () =>
      openOutbox({
        account: username,
        onEnded: () => endSession(client),
        onSent(sent, task) {
          if (task !== null) client.setQueryData(keys.task(task.id), task);
          if (sent.command === 'visit' || sent.command === 'draft')
            void client.invalidateQueries({ queryKey: keys.field });
          if (sent.command === 'supervision') void client.invalidateQueries({ queryKey: keys.cadreQuarter });
          if (sent.command === 'lead') void client.invalidateQueries({ queryKey: keys.leads });
          void client.invalidateQueries({ queryKey: keys.tasks });
          void client.invalidateQueries({ queryKey: keys.overview });
        },
      }),
    [client, username],
  );
}
