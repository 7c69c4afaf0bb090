import { useQuery } from '@tanstack/react-query';
import type { Camera } from '../../api/camera-types.ts';
import { ask, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { Page } from '../../api/types.ts';
import type { Wall } from './wall-address.ts';

/** Milliseconds between new pictures; none are asked for while the tab is in the background. */
const PICTURES_MS = 4000;

/** What the API answers to a draw. */
export interface WallDraw {
  seed: string;
  listHash: string;
  of: number;
  cameras: string[];
}

/** @param seed undefined: the server chooses one */
export const drawWall = (wall: Wall, seed: string | undefined): Promise<WallDraw> =>
  ask<WallDraw>('/live/wall-draws', {
    method: 'POST',
    body: { count: wall.size, seed, region: wall.region, merchant: wall.merchant },
  });

export const drawKey = (wall: Wall, seed: string) =>
  ['wall-draw', seed, wall.size, wall.region, wall.merchant] as const;

/** The cameras on the wall: drawn, or the first of a list. */
export function useWall(wall: Wall) {
  const { draw: seed = '', size, region, merchant, search, after } = wall;
  // Each draw is kept in the log: once a wall, not once a focus.
  const draw = useQuery({
    queryKey: drawKey(wall, seed),
    queryFn: () => drawWall(wall, seed),
    enabled: seed !== '',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const drawn = draw.data?.cameras;
  const filter =
    seed === ''
      ? { limit: size, region, merchant, search, cursor: after }
      : { limit: size, codes: drawn?.join(',') };
  const cameras = useQuery({
    queryKey: [...keys.cameras, 'wall', filter],
    queryFn: ({ signal }) => ask<Page<Camera>>(`/cameras${query(filter)}`, { signal }),
    enabled: seed === '' || (drawn !== undefined && drawn.length > 0),
    refetchInterval: PICTURES_MS,
  });
  const found = cameras.data?.items ?? [];
  const items =
    seed === '' ? found : (drawn ?? []).flatMap((code) => found.find((camera) => camera.code === code) ?? []);
  return {
    items,
    /** When the answer came, in ms of this clock: ages count from there. */
    answeredMs: cameras.dataUpdatedAt,
    next: cameras.data?.nextCursor ?? undefined,
    draw: draw.data,
    pending: seed === '' ? cameras.isPending : draw.isPending || (cameras.isPending && drawn?.length !== 0),
    error: draw.error ?? (cameras.data === undefined ? cameras.error : null),
    late: cameras.isRefetchError,
    retry: () => void (draw.isError ? draw.refetch() : cameras.refetch()),
  };
}
