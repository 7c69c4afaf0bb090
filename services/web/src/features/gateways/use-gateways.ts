import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import type { Gateway } from '../../api/gateway-types.ts';
import { keys } from '../../api/keys.ts';
import type { GatewaySecret } from '../../api/registry-types.ts';

export interface NewGatewayBody {
  code: string;
  name: string;
  /** Codes. */
  region: string;
  merchant: string | null;
}

/** What an operator does to gateways; each ends with the list asked for again. */
export function useGateways() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: keys.gateways });
  const add = useMutation({
    mutationFn: (body: NewGatewayBody) =>
      ask<Gateway & { mqtt: GatewaySecret }>('/gateways', { method: 'POST', body }),
    onSuccess,
  });
  const change = useMutation({
    mutationFn: ({ id, body }: { id: string; body: { name?: string; enabled?: boolean } }) =>
      ask<Gateway>(`/gateways/${id}`, { method: 'PATCH', body }),
    onSuccess,
  });
  const newSecret = useMutation({
    mutationFn: (id: string) => ask<GatewaySecret>(`/gateways/${id}/secret`, { method: 'POST' }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: string) => ask<null>(`/gateways/${id}`, { method: 'DELETE' }),
    onSuccess,
  });
  return { add, change, newSecret, remove };
}
