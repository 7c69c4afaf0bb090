import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { type FormEvent, Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, ask, isConflict } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import { type Said, saidText } from '../../../i18n/problems/problem-text.ts';
import { useWhy } from '../../../ui/Failure.tsx';
import { Field } from '../../../ui/Field.tsx';
import { Meanwhile } from '../../../ui/Meanwhile.tsx';
import { useDraft } from '../../../ui/use-draft.ts';
import type { Calendar, DocumentType } from '../use-settings.ts';
import { Chains } from './Chains.tsx';
import { DryRun } from './DryRun.tsx';
import type { DryRunResult, InheritedPolicy, Measured, PolicyDocument, PolicyVersion } from './document.ts';
import { DraftContext } from './draft.ts';
import { Afterwards, Classes, Dispatch, Limits, WorkingTime } from './Sections.tsx';
import { Versions } from './Versions.tsx';

interface PolicyFormProps {
  asked: InheritedPolicy;
  measured: readonly Measured[];
  calendars: readonly Calendar[];
  types: readonly DocumentType[];
  readOnly: boolean;
  /** The version that was just saved. */
  saved: number | undefined;
  onSaved: (version: number | undefined) => void;
}

/** `document.limits.1.submitMin` → its message. */
function errorsOf(error: unknown): Map<string, string> {
  if (!(error instanceof ApiError)) return new Map();
  const errors = error.problem.errors;
  if (!Array.isArray(errors)) return new Map();
  return new Map(
    (errors as ({ field: string } & Said)[]).map((one) => [
      one.field.replace(/^(body\.)?document\./, ''),
      saidText(one),
    ]),
  );
}

/** What one region says. Nothing is saved before its effect on last month was shown. */
export function PolicyForm({ asked, measured, calendars, types, readOnly, saved, onSaved }: PolicyFormProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const client = useQueryClient();
  const region = asked.region?.code;
  const draft = useDraft(
    asked,
    ({ version, newest }) => `${version} ${newest}`,
    (one) => ({ own: one.own }),
  );
  const { own } = draft.typed;
  // Fields begin anew with a document that came whole: some keep what was typed until it can be read.
  const [round, setRound] = useState(0);
  const [note, setNote] = useState('');
  const [from, setFrom] = useState('');
  const dry = useMutation({
    mutationFn: (document: PolicyDocument) =>
      ask<DryRunResult>('/policies/dry-run', { method: 'POST', body: { region: region ?? null, document } }),
  });
  const save = useMutation({
    mutationFn: (document: PolicyDocument) =>
      ask<PolicyVersion>('/policies', {
        method: 'POST',
        body: {
          region: region ?? null,
          after: draft.began.newest,
          document,
          note,
          ...(from !== '' && { effectiveFrom: new Date(from).toISOString() }),
        },
      }),
    onSuccess: async ({ version, state }, document) => {
      draft.saved({
        ...draft.began,
        newest: version,
        ...(state === 'in_force' && { version, own: document }),
      });
      setNote('');
      setFrom('');
      dry.reset();
      await client.invalidateQueries({ queryKey: keys.policies });
      onSaved(version);
    },
    onError: (error) => isConflict(error) && client.invalidateQueries({ queryKey: keys.policies }),
  });
  const changed = draft.isTyped;
  const meanwhile = draft.meanwhile(() => {
    save.reset();
    setRound(round + 1);
  });
  // What was tried is what is saved: a change after it is tried again.
  const tried = dry.isSuccess && dry.variables === own;
  const change = (document: PolicyDocument) => {
    draft.set({ own: document });
    onSaved(undefined);
    save.reset();
  };
  const changeWhole = (document: PolicyDocument) => {
    change(document);
    setRound(round + 1);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (meanwhile !== undefined) return;
    if (tried) save.mutate(own);
    else dry.mutate(own);
  };
  const error = save.error ?? dry.error;
  return (
    <>
      <DraftContext value={{ own, inherited: asked.inherited, errors: errorsOf(error), readOnly, change }}>
        <form className="policy-form" onSubmit={submit} aria-label={t('settings.tabs.policies')}>
          <Fragment key={`${draft.began.version} ${round}`}>
            <Limits />
            <Chains types={types} />
            <Classes />
            <Dispatch measured={measured} />
            <WorkingTime calendars={calendars} />
            <Afterwards />
          </Fragment>
          {!readOnly && (
            <div className="sheet policy-save">
              {tried && <DryRun result={dry.data} />}
              {tried && (
                <div className="fields">
                  <Field id="policy-note" label={t('settings.policy.note')}>
                    <Input
                      id="policy-note"
                      maxLength={1000}
                      value={note}
                      onChange={(event) => setNote(event.target.value)}
                    />
                  </Field>
                  <Field
                    id="policy-from"
                    label={t('settings.policy.effectiveFrom')}
                    hint={t('settings.policy.effectiveHint')}
                  >
                    <Input
                      id="policy-from"
                      type="datetime-local"
                      value={from}
                      onChange={(event) => setFrom(event.target.value)}
                    />
                  </Field>
                </div>
              )}
              {meanwhile !== undefined && <Meanwhile {...meanwhile} />}
              <p className={error === null ? 'good' : 'bad'} role="status">
                {meanwhile !== undefined
                  ? ''
                  : error !== null
                    ? errorsOf(error).size > 0
                      ? t('settings.policy.fault.some', { count: errorsOf(error).size })
                      : why(error)
                    : saved !== undefined
                      ? t('settings.policy.saved', { version: saved })
                      : changed && !tried
                        ? t('settings.policy.tryFirst')
                        : ''}
              </p>
              <div className="policy-buttons">
                <Button disabled={!changed} loading={dry.isPending} onClick={() => dry.mutate(own)}>
                  {t('settings.policy.try')}
                </Button>
                <Button
                  type="primary"
                  htmlType="submit"
                  disabled={!changed || !tried || meanwhile !== undefined}
                  loading={save.isPending}
                >
                  {t('settings.policy.save')}
                </Button>
                <Button disabled={!changed} onClick={() => changeWhole(draft.began.own)}>
                  {t('settings.policy.reset')}
                </Button>
              </div>
            </div>
          )}
        </form>
      </DraftContext>
      <Versions region={region} readOnly={readOnly} onTake={changeWhole} />
    </>
  );
}
