/** What a row of a finding's history says, in words. */
import type { TFunction } from 'i18next';
import type { HistoryEntry } from '../../api/finding-types.ts';

/** What was done. What is not known here: the state that it led to, and where it led to none, only that something was noted. */
export function whatOf(t: TFunction, { command, from, to }: HistoryEntry): string {
  const state = t(`findingState.${to}` as 'findingState.confirmed', { defaultValue: to });
  const other = from === null ? t('history.created') : from === to ? t('history.noted') : state;
  return command === ''
    ? other
    : t(`findingCommand.${command}` as 'findingCommand.merge', { defaultValue: other });
}

/** Why; empty: nothing to say. A confirmation may carry the class that was given; a code that is not known here is shown as it is. */
export function whyOf(t: TFunction, { command, reason }: HistoryEntry): string {
  switch (command) {
    // The command says it; the other finding stands beside it on the page.
    case 'merge':
    case 'take_in':
    case 'split':
    case 'give_back':
    case 'undo':
    case 'reopen':
    case 'join_task':
      return '';
    case 'report':
      return t(`source.${reason}` as 'source.tip', { defaultValue: reason });
  }
  const grade = /^violation_class_([123])$/.exec(reason)?.[1];
  if (grade !== undefined) return t('grade.given', { class: grade });
  return reason === '' ? '' : t(`reason.${reason}` as 'reason.other', { defaultValue: reason });
}
