import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Outline } from '../ui/map/outline.ts';
import { ask, query } from './client.ts';
import { keys } from './keys.ts';

export interface RegionOutline {
  region: { id: string; code: string; path: string; name: string };
  outline: Outline | null;
  source: string | null;
}
export interface RegionMap {
  /** null: all regions. */
  region: RegionOutline | null;
  below: RegionOutline[];
}

/** A region's outline and those directly below it; the account's own region unless told. */
export function useRegionMap(region: string | undefined, enabled = true) {
  return useQuery({
    queryKey: [...keys.regionMap, region],
    queryFn: ({ signal }) => ask<RegionMap>(`/region-boundaries/map${query({ region })}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 600_000,
    enabled,
  });
}
