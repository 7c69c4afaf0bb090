import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import type { HistoryEntry } from '../../api/finding-types.ts';
import { keys } from '../../api/keys.ts';
import type { DocumentType, TaskAnswer, TaskDetail } from '../../api/task-types.ts';
import { sectionsFor } from '../../app/sections.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { Link } from '../../ui/Link.tsx';
import { Moment } from '../../ui/Times.tsx';
import { addedFinding, commandWords, isOfDraft, noteWords, reasonWords } from './task-history-words.ts';

/** The answer that came with a change. */
const answerOf = (entry: HistoryEntry, answers: readonly TaskAnswer[]): TaskAnswer | undefined =>
  answers.find(
    ({ at, type }) => at === entry.at && entry.command === (type === 'appeal' ? 'appeal' : 'submit'),
  );

/** Who did what, oldest first, with what the merchant said. */
export function TaskHistory({ task }: { task: TaskDetail }) {
  const { t } = useTranslation();
  const types = useQuery({
    queryKey: keys.documentTypes,
    queryFn: ({ signal }) => ask<{ items: DocumentType[] }>('/document-types', { signal }),
    enabled: task.history.some(isOfDraft),
  });
  const typeName = (code: string): string => types.data?.items.find((type) => type.code === code)?.name ?? '';
  return (
    <section aria-label={t('task.history')}>
      <h3>{t('task.history')}</h3>
      <ol className="task-history">
        {task.history.map((entry) => {
          const reason = reasonWords(t, entry, typeName);
          const note = noteWords(t, entry);
          const answer = answerOf(entry, task.answers);
          return (
            <li key={`${entry.at}-${entry.command}-${entry.reason}-${entry.note}`}>
              <span className="task-history-at">
                <Moment at={entry.at} />
              </span>
              <span>
                <b>{commandWords(t, entry)}</b>
                {reason !== '' && ` · ${reason}`}
                <Added entry={entry} task={task} /> · {entry.by ?? t('history.system')}
                {note !== '' && <q>{note}</q>}
                {answer !== undefined && <q>{answer.text}</q>}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** The problem that was added to the task; a way to it for those who may look at findings. */
function Added({ entry, task }: { entry: HistoryEntry; task: TaskDetail }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const id = addedFinding(entry);
  const finding = task.findings.find((one) => one.id === id);
  if (finding === undefined) return null;
  const what = t(`kind.${finding.kind}`);
  if (!sectionsFor(account.role).includes('findings')) return ` · ${what}`;
  return (
    <>
      {' · '}
      <Link to={`/findings/${finding.id}`}>{what}</Link>
    </>
  );
}
