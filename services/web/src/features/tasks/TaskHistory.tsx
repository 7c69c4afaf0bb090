import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { HistoryEntry } from '../../api/finding-types.ts';
import type { TaskAnswer, TaskDetail } from '../../api/task-types.ts';
import { Moment } from '../../ui/Times.tsx';

/** Words for codes of the API; what this page does not know is shown as it is (an office, for one). */
const said = (t: TFunction, code: string): string =>
  t(`taskReason.${code}` as 'taskReason.field_visit', { defaultValue: code });

/** The answer that came with a change. */
const answerOf = (entry: HistoryEntry, answers: readonly TaskAnswer[]): TaskAnswer | undefined =>
  answers.find(
    (answer) => answer.at === entry.at && entry.to === (answer.type === 'appeal' ? 'appealed' : 'submitted'),
  );

/** Who did what, oldest first, with what the merchant said. */
export function TaskHistory({ task }: { task: TaskDetail }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t('task.history')}>
      <h3>{t('task.history')}</h3>
      <ol className="task-history">
        {task.history.map((entry) => {
          const answer = answerOf(entry, task.answers);
          return (
            <li key={`${entry.at}-${entry.from ?? ''}-${entry.to}`}>
              <span className="task-history-at">
                <Moment at={entry.at} />
              </span>
              <span>
                <b>
                  {t(`caseCommand.${entry.command}` as 'caseCommand.export', {
                    defaultValue: t(`taskState.${entry.to}` as 'taskState.issued', {
                      defaultValue: entry.to,
                    }),
                  })}
                </b>
                {entry.reason !== '' && ` · ${said(t, entry.reason)}`} · {entry.by ?? t('history.system')}
                {entry.note !== '' && <q>{entry.note}</q>}
                {answer !== undefined && <q>{answer.text}</q>}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
