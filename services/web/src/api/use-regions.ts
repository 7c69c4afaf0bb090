import { useQuery } from '@tanstack/react-query';
import { ask } from './client.ts';
import type { Region } from './desk-types.ts';
import { keys } from './keys.ts';
import type { Page } from './types.ts';

/** Regions of the account's scope; most see one county with its towns. */
export function useRegions(): Region[] {
  const regions = useQuery({
    queryKey: keys.regions,
    queryFn: ({ signal }) => ask<Page<Region>>('/regions?limit=200', { signal }),
    staleTime: 600_000,
  });
  return (regions.data?.items ?? []).toSorted((a, b) => a.path.localeCompare(b.path));
}
