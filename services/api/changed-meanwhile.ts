import { said } from '../domain/said.ts';
import { Problem } from './problem.ts';

/** What was looked at is no longer what is there: nothing was changed. @param fields those that are otherwise now */
export function changedMeanwhile(fields: readonly string[], now: Record<string, unknown> = {}): Problem {
  return new Problem('conflict', said('changed_meanwhile'), {
    errors: fields.map((field) => ({ field, ...said('is_otherwise_now') })),
    extra: { why: 'changed', ...now },
  });
}
