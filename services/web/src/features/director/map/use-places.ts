import { useQuery } from '@tanstack/react-query';
import { ask, query } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import type { Page } from '../../../api/types.ts';

interface Placed {
  id: string;
  name: string;
  place: { lat: number; lon: number } | null;
}
/** A merchant with its place. */
export interface Dot {
  id: string;
  name: string;
  lat: number;
  lon: number;
}

/** Merchants of the region, and those of them that have a place; nothing comes from map servers. */
export function usePlaces(region: string | undefined) {
  return useQuery({
    queryKey: [...keys.places, region],
    queryFn: async ({ signal }) => {
      const dots: Dot[] = [];
      let all = 0;
      let cursor: string | undefined;
      do {
        const page: Page<Placed> = await ask(`/merchants${query({ limit: 200, cursor, region })}`, {
          signal,
        });
        all += page.items.length;
        for (const { id, name, place } of page.items) if (place !== null) dots.push({ id, name, ...place });
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return { dots, all };
    },
    staleTime: 600_000,
  });
}
