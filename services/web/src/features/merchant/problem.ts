import type { TFunction } from 'i18next';
import type { Task } from '../../api/task-types.ts';
import type { KindCode } from '../../api/types.ts';

/** What is wrong, as one would say it in the kitchen: the zone, then the thing. */
export function problemText(t: TFunction, task: Pick<Task, 'kind' | 'zone'>): string {
  return t(`merchant.problem.${task.kind satisfies KindCode}`, { zone: task.zone.name });
}
