import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import type { DocumentDraft, DocumentType, IssuedDocument, TaskDetail } from '../../api/task-types.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Moment } from '../../ui/Times.tsx';
import { newKey } from './use-task-order.ts';

/** What the form begins with: a draft, or nothing. */
type Starting = Partial<Pick<DocumentDraft, 'type' | 'recipient' | 'reason'>>;

/** Roles that issue; the API decides. */
const ISSUERS = new Set(['operator', 'station_head', 'director']);

/** Escalation documents of a task: what was issued, and issuing one more. */
export function TaskDocuments({ task }: { task: TaskDetail }) {
  const { t } = useTranslation();
  const { account } = useCurrentSession();
  const [issuing, setIssuing] = useState<Starting>();
  const asked = useQuery({
    queryKey: [...keys.task(task.id), 'documents'],
    queryFn: ({ signal }) =>
      ask<{ items: IssuedDocument[] }>(`/documents?task=${encodeURIComponent(task.id)}`, { signal }),
  });
  const documents = asked.data?.items ?? [];
  const issues = ISSUERS.has(account.role);
  const drafted = useQuery({
    queryKey: [...keys.task(task.id), 'drafts'],
    queryFn: ({ signal }) =>
      ask<{ items: DocumentDraft[] }>(`/document-drafts?task=${encodeURIComponent(task.id)}`, { signal }),
    enabled: issues,
  });
  const drafts = drafted.data?.items ?? [];
  if (documents.length === 0 && !issues) return null;
  return (
    <section aria-label={t('documents.title')}>
      <h3>{t('documents.title')}</h3>
      {documents.length === 0 && <p className="quiet">{t('documents.none')}</p>}
      <ul className="task-history">
        {documents.map((document) => (
          <li key={document.id}>
            <span className="task-history-at">
              <Moment at={document.issuedAt} />
            </span>
            <span>
              {document.url === null ? (
                document.number
              ) : (
                <a href={document.url} target="_blank" rel="noreferrer">
                  {document.title} {document.number}
                </a>
              )}{' '}
              · {document.issuedBy}
              {document.voidReason !== null && (
                <b className="bad"> · {t('documents.void', { why: document.voidReason })}</b>
              )}
            </span>
          </li>
        ))}
      </ul>
      {drafts.length > 0 && issuing === undefined && (
        <>
          <h4>{t('field.drafts')}</h4>
          <ul className="task-history">
            {drafts.map((draft) => (
              <li key={draft.id}>
                <span className="task-history-at">
                  <Moment at={draft.createdAt} />
                </span>
                <span>
                  <b>{draft.typeName}</b>
                  {draft.draftedBy !== null && ` · ${t('field.draftedBy', { who: draft.draftedBy })}`}
                  <q>{draft.reason}</q>
                  <Button size="small" onClick={() => setIssuing(draft)}>
                    {t('field.useDraft')}
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {issues &&
        (issuing !== undefined ? (
          <IssueForm task={task} starting={issuing} onClose={() => setIssuing(undefined)} />
        ) : (
          <Button onClick={() => setIssuing({})}>{t('documents.issue')}</Button>
        ))}
    </section>
  );
}

interface IssueFormProps {
  task: TaskDetail;
  starting: Starting;
  onClose: () => void;
}

function IssueForm({ task, starting, onClose }: IssueFormProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const id = useId();
  const client = useQueryClient();
  const [type, setType] = useState(starting.type);
  const [recipient, setRecipient] = useState(starting.recipient ?? '');
  const [reason, setReason] = useState(starting.reason ?? '');
  // One key a form: sent twice, it is one document.
  const [key] = useState(newKey);
  const types = useQuery({
    queryKey: ['document-types'],
    queryFn: ({ signal }) => ask<{ items: DocumentType[] }>('/document-types', { signal }),
  });
  const issue = useMutation({
    mutationFn: () =>
      ask<IssuedDocument>(`/tasks/${encodeURIComponent(task.id)}/documents`, {
        method: 'POST',
        body: { type, version: task.version, reason: reason.trim(), recipient: recipient.trim() },
        headers: { 'idempotency-key': key },
      }),
    onSuccess() {
      void client.invalidateQueries({ queryKey: keys.task(task.id) });
      onClose();
    },
  });
  const chosen = types.data?.items.find(({ code }) => code === type);
  const options = (types.data?.items ?? [])
    .filter(({ enabled }) => enabled)
    .map(({ code, name }) => ({ value: code, label: name }));
  return (
    <form
      className="order-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (type !== undefined) issue.mutate();
      }}
    >
      <Select
        aria-label={t('documents.type')}
        placeholder={t('documents.type')}
        options={options}
        value={type ?? null}
        onChange={(value: string) => setType(value)}
      />
      {chosen !== undefined && (
        <p className="quiet">{t(chosen.toMerchant ? 'documents.toMerchant' : 'documents.toOthers')}</p>
      )}
      <label htmlFor={`${id}-to`}>{t('documents.recipient')}</label>
      <Input
        id={`${id}-to`}
        value={recipient}
        maxLength={200}
        onChange={(event) => setRecipient(event.target.value)}
      />
      <label htmlFor={id}>{t('documents.reason')}</label>
      <Input.TextArea
        id={id}
        value={reason}
        maxLength={4000}
        autoSize={{ minRows: 3, maxRows: 10 }}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="order-buttons">
        <Button type="primary" htmlType="submit" disabled={type === undefined} loading={issue.isPending}>
          {t('documents.send')}
        </Button>
        <Button onClick={onClose}>{t('order.cancel')}</Button>
      </div>
      {issue.isError && (
        <p className="bad" role="alert">
          {t('documents.failed', { why: why(issue.error) })}
        </p>
      )}
    </form>
  );
}
