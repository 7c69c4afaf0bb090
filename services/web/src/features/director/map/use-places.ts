import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask, query } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';

/** A merchant with its place. */
export interface Dot {
  id: string;
  name: string;
  lat: number;
  lon: number;
}

/** Merchants of the region, how many have a place, and those, unless they are too many; nothing comes from map servers. */
export function usePlaces(region: string | undefined) {
  return useQuery({
    queryKey: [...keys.places, 'map', region],
    queryFn: ({ signal }) =>
      ask<{ total: number; placed: number; items: Dot[] }>(`/merchant-places${query({ region })}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 600_000,
  });
}
