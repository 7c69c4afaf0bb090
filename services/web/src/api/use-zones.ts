import { useQuery } from '@tanstack/react-query';
import { askAll } from './ask-all.ts';
import type { Zone } from './camera-types.ts';
import { keys } from './keys.ts';

/** Zones of a merchant, by its code; with an empty code nothing is asked. */
export function useZones(merchant: string) {
  return useQuery({
    queryKey: keys.zones(merchant),
    queryFn: ({ signal }) => askAll<Zone>('/zones', { merchant }, signal),
    enabled: merchant !== '',
  });
}
