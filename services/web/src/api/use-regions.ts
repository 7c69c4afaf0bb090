import { useQuery } from '@tanstack/react-query';
import { askAll } from './ask-all.ts';
import { keys } from './keys.ts';
import type { Region } from './registry-types.ts';

/** Asks for all regions of the account's scope, each behind the one it lies in; a county has some twenty towns, and maybe hundreds of grids. */
export function useRegionsQuery() {
  return useQuery({
    queryKey: keys.regions,
    queryFn: async ({ signal }) => {
      const items = await askAll<Region>('/regions', {}, signal);
      return items.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    staleTime: 600_000,
  });
}

/** The same; none while they are on their way. */
export function useRegions(): Region[] {
  return useRegionsQuery().data ?? [];
}
