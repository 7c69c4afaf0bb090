import type { Rule } from '../domain/rules.ts';
import type { RuleTable } from './schema-registry.ts';

/** What a rule says, without what it is about and where it applies. */
export type RuleValues = Omit<Rule, 'kind'>;

const COLUMN = {
  enabled: 'enabled',
  k: 'k',
  n: 'n',
  minDurationS: 'min_duration_s',
  minSizePx: 'min_size_px',
  minScore: 'min_score',
  mergeWindowMin: 'merge_window_min',
  dailyCap: 'daily_cap',
  hours: 'hours',
  class: 'class',
} as const satisfies Record<keyof RuleValues, keyof RuleTable>;

type Column = (typeof COLUMN)[keyof RuleValues];
type ColumnsOf<V> = { [K in keyof V & keyof RuleValues as (typeof COLUMN)[K]]: V[K] };

/** The columns of the values that are given. */
export function ruleColumns<V extends { [K in keyof RuleValues]?: RuleValues[K] | undefined }>(
  values: V,
): ColumnsOf<V> {
  const given = Object.entries(COLUMN).flatMap(([name, column]) => {
    const value = values[name as keyof RuleValues];
    return value === undefined ? [] : [[column, value]];
  });
  return Object.fromEntries(given) as ColumnsOf<V>;
}

/** What a stored rule says. */
export function ruleValues(row: Pick<RuleTable, Column>): RuleValues {
  return {
    enabled: row.enabled,
    k: row.k,
    n: row.n,
    minDurationS: row.min_duration_s,
    minSizePx: row.min_size_px,
    minScore: row.min_score,
    mergeWindowMin: row.merge_window_min,
    dailyCap: row.daily_cap,
    hours: row.hours,
    class: row.class,
  };
}
