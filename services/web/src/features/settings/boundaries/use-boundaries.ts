import { useInfiniteQuery } from '@tanstack/react-query';
import { ask, query } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import type { Page } from '../../../api/types.ts';

export const SYSTEMS = ['wgs84', 'gcj02'] as const;
export type System = (typeof SYSTEMS)[number];

export interface RegionRef {
  id: string;
  code: string;
  path: string;
  name: string;
}
export interface RegionBoundary {
  region: RegionRef;
  boundary: {
    source: string;
    licence: string;
    system: System;
    points: number;
    pointsGiven: number;
    importedBy: string | null;
    importedAt: string;
  } | null;
}
export interface FeatureResult {
  index: number;
  name: string;
  codes: string[];
  region: RegionRef | null;
  by: 'code' | 'name' | 'hand' | null;
  why: 'none' | 'several' | 'taken' | 'left_out' | null;
  pointsGiven: number;
  points: number;
  replaces: boolean;
}
export interface BoundaryResult {
  dryRun: boolean;
  written: number;
  features: FeatureResult[];
  missing: RegionRef[];
}

/** Regions with where their boundary is from. */
export function useBoundaries() {
  return useInfiniteQuery({
    queryKey: keys.boundaries,
    queryFn: ({ pageParam, signal }) =>
      ask<Page<RegionBoundary>>(`/region-boundaries${query({ limit: 100, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}
