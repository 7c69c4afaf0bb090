import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ask, query } from '../../api/client.ts';
import type { Statistics, Visits } from './types.ts';

type Values = Record<string, string | number | undefined>;

const KEY = ['statistics'] as const;

/** What was asked before stays on the screen until the answer comes: nothing jumps. */
export function useStatistics(values: Values) {
  return useQuery({
    queryKey: [...KEY, values],
    queryFn: ({ signal }) => ask<Statistics>(`/statistics${query(values)}`, { signal }),
    placeholderData: keepPreviousData,
  });
}

/** Visits of the quarters that begin on these days. */
export function useVisits(quarters: readonly string[], region: string | undefined) {
  return useQuery({
    queryKey: [...KEY, 'visits', quarters, region],
    queryFn: ({ signal }) =>
      Promise.all(
        quarters.map((day) =>
          ask<Visits>(`/statistics/visits${query({ day, groupBy: 'town', region })}`, { signal }),
        ),
      ),
    placeholderData: keepPreviousData,
  });
}

export function exportAddress(values: Values): string {
  return `/api/v1/statistics/export${query(values)}`;
}

/** 月报 as PDF. */
export function reportAddress(values: Values): string {
  return `/api/v1/statistics/report${query(values)}`;
}
