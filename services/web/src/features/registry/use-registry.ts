import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Merchant, Region } from '../../api/registry-types.ts';
import { useCurrentSession } from '../../app/session-context.ts';

/** services/domain/rights.ts, registry.write. */
export const useMayRegister = (): boolean => useCurrentSession().account.role === 'operator';

type Kind = 'merchants' | 'regions';
interface Saved {
  merchants: Merchant;
  regions: Region;
}

/** Adds, changes and removes one thing of the registry; the lists that name it are asked for again. */
export function useRegistry<K extends Kind>(kind: K) {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: keys[kind] });
  const save = useMutation({
    /** `id`: changes that one. */
    mutationFn: ({ id, body }: { id: string | undefined; body: object }) =>
      id === undefined
        ? ask<Saved[K]>(`/${kind}`, { method: 'POST', body })
        : ask<Saved[K]>(`/${kind}/${id}`, { method: 'PATCH', body }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: string) => ask<null>(`/${kind}/${id}`, { method: 'DELETE' }),
    onSuccess,
  });
  return { save, remove, error: save.error ?? remove.error };
}
