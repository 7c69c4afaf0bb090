import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Account, Role } from '../../api/account-types.ts';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';

export interface NewAccountBody {
  username: string;
  password?: string;
  displayName: string;
  role: Role;
  region: string | null;
  merchant: string | null;
}

export type AccountChange = Partial<{
  disabled: boolean;
  role: Role;
  region: string | null;
  password: string;
}>;

/** Everything that an operator does to accounts; each ends with the lists asked for again. */
export function useAccounts() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: keys.accounts });
  const add = useMutation({
    mutationFn: (body: NewAccountBody) => ask<Account>('/accounts', { method: 'POST', body }),
    onSettled,
  });
  const change = useMutation({
    mutationFn: ({ id, body }: { id: string; body: AccountChange }) =>
      ask<Account>(`/accounts/${id}`, { method: 'PATCH', body }),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: ({ id, what }: { id: string; what: 'sessions' | 'second-factor' }) =>
      ask<void>(`/accounts/${id}/${what}`, { method: 'DELETE' }),
    onSettled,
  });
  return { add, change, remove };
}
