import { useQuery } from '@tanstack/react-query';
import type { Zone } from './camera-types.ts';
import { ask, query } from './client.ts';
import { keys } from './keys.ts';
import type { Page } from './types.ts';

/** Zones of a merchant, by its code; with an empty code nothing is asked. */
export function useZones(merchant: string) {
  return useQuery({
    queryKey: keys.zones(merchant),
    queryFn: ({ signal }) => ask<Page<Zone>>(`/zones${query({ merchant, limit: 200 })}`, { signal }),
    enabled: merchant !== '',
  });
}
