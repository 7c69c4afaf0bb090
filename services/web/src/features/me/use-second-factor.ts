import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';

const PATH = '/session/second-factor';

export function useSecondFactor() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: keys.session });
  const begin = useMutation({
    mutationFn: (password: string) =>
      ask<{ secret: string; uri: string }>(PATH, { method: 'POST', body: { password } }),
  });
  const confirm = useMutation({
    mutationFn: (code: string) =>
      ask<{ recoveryCodes: string[] }>(`${PATH}/confirm`, { method: 'POST', body: { code } }),
  });
  const remove = useMutation({
    mutationFn: (password: string) => ask<void>(PATH, { method: 'DELETE', body: { password } }),
    onSuccess: refresh,
  });
  return { begin, confirm, remove, refresh };
}
