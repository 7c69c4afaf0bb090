import type { TFunction } from 'i18next';

/** An event type that this page does not know is shown by its code. */
export const eventText = (t: TFunction, type: string): string =>
  t(`outbox.type.${type.replace('.', '_')}` as 'outbox.type.task_issued', { defaultValue: type });
