/** What a row of a task's history says, in words. Codes: services/domain/task-history.ts. */
import type { TFunction } from 'i18next';
import type { HistoryEntry } from '../../api/finding-types.ts';

const DRAFTS: readonly string[] = ['draft_document', 'discard_draft'];
/** Whether its reason is the code of a type of document. */
export const isOfDraft = ({ command }: HistoryEntry): boolean => DRAFTS.includes(command);

/** What was done. What is not known here: the state that it led to, and where it led to none, only that something was noted. */
export function commandWords(t: TFunction, { command, from, to }: HistoryEntry): string {
  const other =
    from === to ? t('taskHistory.noted') : t(`taskState.${to}` as 'taskState.issued', { defaultValue: to });
  return command === '' ? other : t(`taskCommand.${command}` as 'taskCommand.close', { defaultValue: other });
}

/** Id of the finding that was added; undefined: none was. */
export function addedFinding({ command, reason }: HistoryEntry): string | undefined {
  return command === 'add_finding' ? reason.slice(reason.indexOf(':') + 1) : undefined;
}

/**
 * Why; empty: nothing to say. A name (of an office, a person) is said as it is.
 * @param typeName name of a type of document, by its code
 */
export function reasonWords(t: TFunction, entry: HistoryEntry, typeName: (code: string) => string): string {
  const { command, reason } = entry;
  if (reason === '' || command === 'add_finding') return '';
  if (isOfDraft(entry)) return typeName(reason);
  switch (command) {
    case 'document':
    case 'void_document':
      return reason.slice(reason.indexOf(':') + 1);
    case 'platform_receipt':
      return t('platformOrders.ref', { ref: reason });
    case 'transfer':
    case 'assign':
      return reason;
    // The command says it already.
    case 'uphold_appeal':
    case 'reject_appeal':
      return '';
  }
  const [, observed, needed] = /^observed_(.+)_of_(.+)_h$/.exec(reason) ?? [];
  if (observed !== undefined) return t('taskHistory.observed', { observed, needed });
  return t(`taskReason.${reason}` as 'taskReason.field_visit', { defaultValue: reason });
}

/** What was said with it; empty: nothing. */
export function noteWords(t: TFunction, { command, note }: HistoryEntry): string {
  switch (command) {
    case 'sample':
    case 'begin_recheck':
      return lotWords(t, note);
    case 'platform_differs': {
      const [state = '', ...ref] = note.split(' ');
      const word = t(`taskHistory.${state}` as 'taskHistory.open', {
        defaultValue: t(`taskState.${state}` as 'taskState.issued', { defaultValue: state }),
      });
      const there = t('taskHistory.there', { state: word });
      return ref.length === 0 ? there : `${there} · ${t('platformOrders.ref', { ref: ref.join(' ') })}`;
    }
    default:
      return note;
  }
}

/** Of a draw as it is closed, or at the end of a month. */
function lotWords(t: TFunction, note: string): string {
  const [, county, no, share] = /^(\S+) (\d+), share ([\d.]+)$/.exec(note) ?? [];
  if (share !== undefined)
    return t('taskHistory.lot', { county, no, share: `${Number((Number(share) * 100).toFixed(1))} %` });
  const [, place, month, count] = /^(\S+) (\d{4}-\d{2}), one of (\d+)$/.exec(note) ?? [];
  return month === undefined ? note : t('taskHistory.month', { county: place, month, count });
}
