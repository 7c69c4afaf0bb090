import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/client.ts';
import { fetchFile } from '../../api/download.ts';
import type { FieldTask } from '../../api/field-types.ts';
import type { DocumentType } from '../../api/task-types.ts';
import { navigate } from '../../app/router.ts';
import { useCurrentSession } from '../../app/session-context.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { post } from '../../offline/outbox.ts';
import { Bones } from '../../ui/Bones.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { useWhy } from '../../ui/Failure.tsx';
import { Link } from '../../ui/Link.tsx';
import { Note } from '../../ui/Note.tsx';
import { documentTime } from '../../ui/time.ts';
import { newKey } from '../tasks/use-task-order.ts';
import { useSheet } from './SheetPage.tsx';

const USUAL = 'rectification_order';

/** 责令改正通知书, drafted where one stands; a head issues it. */
export function NoticePage({ code, taskId }: { code: string; taskId: string }) {
  const { t } = useTranslation();
  const { sheet, asked } = useSheet(code);
  const task = sheet?.value.tasks.find(({ id }) => id === taskId);
  return (
    <div className="page field">
      <Link to={`/field/${code}`} className="back">
        ← {t('field.toSheet')}
      </Link>
      <h1>{t('field.notice')}</h1>
      {task !== undefined ? (
        <NoticeForm code={code} task={task} />
      ) : asked.isPending ? (
        <Bones lines={6} />
      ) : (
        <Note title={t('field.noTask')} />
      )}
    </div>
  );
}

function NoticeForm({ code, task }: { code: string; task: FieldTask }) {
  const { t } = useTranslation();
  const why = useWhy();
  const language = useLanguage();
  const id = useId();
  const { username } = useCurrentSession().account;
  const [type, setType] = useState(USUAL);
  const [recipient, setRecipient] = useState('');
  const [reason, setReason] = useState(() =>
    t('field.noticeReason', {
      time: documentTime(Date.now(), language),
      zone: task.zone.name,
      kind: t(`kind.${task.kind}`),
      due: documentTime(task.submitDue, language),
    }),
  );
  const [failed, setFailed] = useState(false);
  const types = useQuery({
    queryKey: ['document-types'],
    queryFn: ({ signal }) => ask<{ items: DocumentType[] }>('/document-types', { signal }),
  });
  const body = { type, reason: reason.trim(), recipient: recipient.trim() };
  const preview = useMutation({
    mutationFn: () => fetchFile('/document-templates/preview', { ...body, task: task.id }),
  });
  useEffect(
    () => () => {
      if (preview.data !== undefined) URL.revokeObjectURL(preview.data);
    },
    [preview.data],
  );
  const options = (types.data?.items ?? [{ code: USUAL, name: t('field.usual'), enabled: true }])
    .filter(({ enabled }) => enabled)
    .map((one) => ({ value: one.code, label: one.name }));

  const send = async (): Promise<void> => {
    if (body.reason === '') return;
    const { number } = task;
    const common = { key: newKey(), at: Date.now(), account: username, photos: [], refused: null };
    try {
      await post([{ ...common, command: 'draft', taskId: task.id, number, body }]);
    } catch {
      setFailed(true);
      return;
    }
    navigate(`/field/${code}`);
  };

  return (
    <form
      className="visit-form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <p className="quiet">
        {task.number} · {t(`kind.${task.kind}`)} · {task.zone.name}
      </p>
      <Choice label={t('documents.type')} options={options} value={type} onChange={setType} />
      <label htmlFor={`${id}-to`}>{t('documents.recipient')}</label>
      <Input
        id={`${id}-to`}
        value={recipient}
        maxLength={200}
        onChange={({ target }) => setRecipient(target.value)}
      />
      <label htmlFor={id}>{t('documents.reason')}</label>
      <Input.TextArea
        id={id}
        value={reason}
        maxLength={4000}
        autoSize={{ minRows: 5, maxRows: 14 }}
        onChange={({ target }) => setReason(target.value)}
      />
      <p className="quiet">{t('field.noticeHint')}</p>
      <div className="ways">
        <Button size="large" onClick={() => preview.mutate()} loading={preview.isPending}>
          {t('field.preview')}
        </Button>
        {preview.data !== undefined && (
          <a className="big-link" href={preview.data} target="_blank" rel="noreferrer">
            {t('field.openPreview')}
          </a>
        )}
      </div>
      {preview.isError && (
        <p className="bad" role="alert">
          {t('field.noPreview', { why: why(preview.error) })}
        </p>
      )}
      {failed && (
        <p className="bad" role="alert">
          {t('merchant.cannotKeep')}
        </p>
      )}
      <Button size="large" type="primary" htmlType="submit" block disabled={body.reason === ''}>
        {t('field.draft')}
      </Button>
    </form>
  );
}
