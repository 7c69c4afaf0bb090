import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { ask, query } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import type { RetentionDryRun, RetentionRule, RetentionRules } from './types.ts';

/** What this page has no words for is shown by its code. */
export const itemText = (t: TFunction, item: string): string =>
  t(`retention.item.${item}` as 'retention.item.clip', { defaultValue: item });
export const fixedText = (t: TFunction, what: string): string =>
  t(`retention.fixed.${what}` as 'retention.fixed.look', { defaultValue: what });

export function useRetention() {
  return useQuery({
    queryKey: keys.retention,
    queryFn: ({ signal }) => ask<RetentionRules>('/retention-policies', { signal }),
  });
}

/** What the next run would remove. @param trial undefined: as policies are; null: nothing is asked yet */
export function useDryRun(trial?: RetentionRule | null) {
  return useQuery({
    queryKey: [...keys.retention, 'dry-run', trial],
    queryFn: ({ signal }) =>
      ask<RetentionDryRun>(`/retention-policies/dry-run${trial ? addressOf(trial) : ''}`, { signal }),
    enabled: trial !== null,
    placeholderData: keepPreviousData,
  });
}

const addressOf = ({ region, item, since, keepDays }: RetentionRule): string =>
  query({ region: region ?? undefined, item, since, keepDays: keepDays ?? undefined });

export function useRetentionChange() {
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: keys.retention });
  const save = useMutation({
    mutationFn: (body: RetentionRule & { note: string }) =>
      ask('/retention-policies', { method: 'PUT', body }),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: ({ region, item, since }: RetentionRule) =>
      ask(`/retention-policies${query({ region: region ?? undefined, item, since })}`, { method: 'DELETE' }),
    onSuccess,
  });
  return { save, remove };
}
