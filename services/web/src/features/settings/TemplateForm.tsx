import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, isConflict } from '../../api/client.ts';
import { download } from '../../api/download.ts';
import { keys } from '../../api/keys.ts';
import { useWhy } from '../../ui/Failure.tsx';
import { Field } from '../../ui/Field.tsx';
import { Meanwhile } from '../../ui/Meanwhile.tsx';
import { Moment } from '../../ui/Times.tsx';
import { useDraft } from '../../ui/use-draft.ts';
import type { Template, Templates } from './types.ts';

interface TemplateFormProps {
  type: string;
  region: string | null;
  own: Template | undefined;
  /** What holds here while the region says nothing itself. */
  above: Template | undefined;
  fields: Templates['fields'];
  readOnly: boolean;
}

/** The text of one template: fields by a click, the page as PDF before it is saved. */
export function TemplateForm({ type, region, own, above, fields, readOnly }: TemplateFormProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const draft = useDraft(
    { own, above },
    (there) => (there.own ?? there.above)?.id ?? '',
    ({ own: said, above: inherited }) => {
      const { title = '', body = '' } = said ?? inherited ?? {};
      return { title, body };
    },
  );
  const { typed, set, began } = draft;
  const { title, body } = typed;
  const area = useRef<HTMLTextAreaElement | null>(null);
  const save = useMutation({
    mutationFn: () =>
      ask<Template>('/document-templates', {
        method: 'POST',
        body: { type, region, after: began.own?.version ?? null, ...typed },
      }),
    onSuccess(saved) {
      draft.saved({ own: saved, above });
      return client.invalidateQueries({ queryKey: keys.templates });
    },
    onError: (error) => isConflict(error) && client.invalidateQueries({ queryKey: keys.templates }),
  });
  const meanwhile = draft.meanwhile(() => save.reset());
  const preview = useMutation({
    mutationFn: () =>
      download('/document-templates/preview', { type, text: { title, body } }, `${title}.pdf`),
  });
  const insert = (name: string) => {
    const at = area.current?.selectionStart ?? body.length;
    const end = area.current?.selectionEnd ?? at;
    set({ body: `${body.slice(0, at)}{{${name}}}${body.slice(end)}` });
    area.current?.focus();
  };
  const changed = title !== (began.own?.title ?? '') || body !== (began.own?.body ?? '');
  const complete = title.trim() !== '' && body.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (complete && changed && !readOnly && meanwhile === undefined) save.mutate();
  };
  const error = save.error ?? preview.error;
  return (
    <form className="sheet settings-card settings-list" onSubmit={submit}>
      <p className="settings-quiet">
        {own === undefined ? (
          t(above === undefined ? 'settings.template.nothing' : 'settings.template.inherited')
        ) : (
          <>
            {t('settings.policy.version', { version: own.version })} · {own.changedBy ?? '—'} ·{' '}
            <Moment at={own.changedAt} />
          </>
        )}
      </p>
      <Field id="template-title" label={t('settings.template.title')}>
        <Input
          id="template-title"
          value={title}
          maxLength={60}
          disabled={readOnly}
          onChange={(event) => set({ title: event.target.value })}
        />
      </Field>
      <Field id="template-body" label={t('settings.template.body')} hint={t('settings.template.marks')}>
        <textarea
          id="template-body"
          ref={area}
          className="settings-text"
          rows={18}
          value={body}
          disabled={readOnly}
          spellCheck={false}
          onChange={(event) => set({ body: event.target.value })}
        />
      </Field>
      {!readOnly && (
        <fieldset className="chips" aria-label={t('settings.template.fields')}>
          {[...fields, { name: 'evidence', meaning: t('settings.template.evidence') }].map(
            ({ name, meaning }) => (
              <button
                key={name}
                type="button"
                className="chip"
                title={`{{${name}}}`}
                onClick={() => insert(name)}
              >
                {meaning}
              </button>
            ),
          )}
        </fieldset>
      )}
      {meanwhile !== undefined && <Meanwhile {...meanwhile} />}
      <div className="settings-buttons">
        {!readOnly && (
          <Button
            type="primary"
            htmlType="submit"
            disabled={!complete || !changed || meanwhile !== undefined}
            loading={save.isPending}
          >
            {t('settings.saveVersion')}
          </Button>
        )}
        <Button disabled={!complete} loading={preview.isPending} onClick={() => preview.mutate()}>
          {t('settings.template.preview')}
        </Button>
        <span role="status" className={error === null ? 'good' : 'bad'}>
          {meanwhile !== undefined
            ? ''
            : error !== null
              ? why(error)
              : save.isSuccess && !changed
                ? t('settings.saved')
                : ''}
        </span>
      </div>
    </form>
  );
}
