import { said } from '../domain/said.ts';
import { Problem } from './problem.ts';

/** What was looked at is no longer what is there: nothing was changed. @param fields those that are otherwise now */
export function changedMeanwhile(fields: readonly string[], now: Record<string, unknown> = {}): Problem {
  return new Problem('conflict', said('changed_meanwhile'), {
    errors: fields.map((field) => ({ field, ...said('is_otherwise_now') })),
    extra: { why: 'changed', ...now },
  });
}

/** Another version is there than the one that was looked at (null: none was there yet): nothing was written. */
export const afterOther = (after: number | null, there: number | null): Problem =>
  after === null
    ? new Problem('conflict', said('there_already'), { extra: { why: 'there_already', version: there } })
    : changedMeanwhile([], { version: there });

/** @param there read under the lock of the write @throws Problem: what is written whole comes after the version looked at */
export function checkAfter(after: number | null, there: number | null): void {
  if (after !== there) throw afterOther(after, there);
}
