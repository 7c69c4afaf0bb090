import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';

/** Changes the own password; the other sessions end, and what was held back is free. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (passwords: { current: string; password: string }) =>
      ask<void>('/session/password', { method: 'PUT', body: passwords }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.session }),
        client.invalidateQueries({ queryKey: keys.sessions }),
      ]),
  });
}
