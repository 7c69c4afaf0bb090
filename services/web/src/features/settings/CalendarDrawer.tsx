import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask, isConflict, query } from '../../api/client.ts';
import { keys } from '../../api/keys.ts';
import { Field } from '../../ui/Field.tsx';
import { RegionChoice, useHomeRegion } from '../../ui/RegionChoice.tsx';
import { useDraft } from '../../ui/use-draft.ts';
import { SettingsDrawer } from './SettingsDrawer.tsx';
import type { Calendar, CalendarDay, CalendarTerm } from './use-settings.ts';

interface CalendarDrawerProps {
  /** undefined: a new one. */
  calendar: Calendar | undefined;
  readOnly: boolean;
  onClose: () => void;
}

/** One calendar, written whole; tasks already issued keep the days that were frozen onto them. */
export function CalendarDrawer({ calendar, readOnly, onClose }: CalendarDrawerProps) {
  const { t } = useTranslation();
  const home = useHomeRegion();
  const client = useQueryClient();
  const [code, setCode] = useState(calendar?.code ?? '');
  const draft = useDraft(
    calendar,
    (one) => String(one?.version),
    (one) => ({
      name: one?.name ?? '',
      region: one === undefined ? home : (one.region?.code ?? null),
      days: one?.days ?? [],
      terms: one?.terms ?? [],
    }),
  );
  const { typed, set, began } = draft;
  const { name, region, days, terms } = typed;
  const onSuccess = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: keys.calendars });
    onClose();
  };
  const onError = (error: Error) =>
    isConflict(error) && client.invalidateQueries({ queryKey: keys.calendars });
  const save = useMutation({
    mutationFn: () =>
      ask<Calendar>(`/calendars/${encodeURIComponent(code)}`, {
        method: 'PUT',
        body: { ...typed, after: began?.version ?? null },
      }),
    onSuccess,
    onError,
  });
  const load = useMutation({
    mutationFn: (file: File) => {
      const asked = query({ name, region: region ?? undefined, after: began?.version });
      return ask<Calendar>(`/calendars/${encodeURIComponent(code)}/import${asked}`, {
        method: 'POST',
        body: new Blob([file], { type: 'text/csv' }),
      });
    },
    onSuccess,
    onError,
  });
  const named = /^[a-z0-9][a-z0-9-]{0,31}$/.test(code) && name.trim() !== '';
  const meanwhile = draft.meanwhile(() => {
    save.reset();
    load.reset();
  });
  return (
    <SettingsDrawer
      title={calendar?.name ?? t('settings.calendar.add')}
      width={640}
      readOnly={readOnly}
      error={save.error ?? load.error}
      meanwhile={meanwhile}
      onSubmit={() => named && meanwhile === undefined && save.mutate()}
      onClose={onClose}
      actions={
        <>
          <Button
            type="primary"
            htmlType="submit"
            disabled={!named || meanwhile !== undefined}
            loading={save.isPending}
          >
            {t('settings.save')}
          </Button>
          <label className="settings-file">
            <span>{t('settings.calendar.import')}</span>
            <input
              type="file"
              accept=".csv,text/csv"
              disabled={!named || meanwhile !== undefined}
              onChange={(event) => {
                const file = event.target.files?.[0];
                // The same file may be chosen again.
                event.target.value = '';
                if (file !== undefined) load.mutate(file);
              }}
            />
          </label>
          <span className="settings-quiet">{t('settings.calendar.importHint')}</span>
        </>
      }
    >
      <div className="fields">
        <Field id="calendar-code" label={t('settings.code')} hint={t('settings.codeHint')}>
          <Input
            id="calendar-code"
            value={code}
            disabled={calendar !== undefined}
            autoCapitalize="none"
            onChange={(event) => setCode(event.target.value)}
          />
        </Field>
        <Field id="calendar-name" label={t('settings.name')}>
          <Input
            id="calendar-name"
            value={name}
            disabled={readOnly}
            onChange={(event) => set({ name: event.target.value })}
          />
        </Field>
        <RegionChoice
          id="calendar-region"
          value={region}
          disabled={readOnly}
          onChange={(code) => set({ region: code })}
        />
      </div>
      <Days days={days} readOnly={readOnly} onChange={(next) => set({ days: next })} />
      <Terms terms={terms} readOnly={readOnly} onChange={(next) => set({ terms: next })} />
    </SettingsDrawer>
  );
}

/** Rows have no other name than their place in the list. */
const replaced = <T,>(rows: readonly T[], index: number, change: Partial<T>): T[] =>
  rows.map((row, i) => (i === index ? { ...row, ...change } : row));

function Days({
  days,
  readOnly,
  onChange,
}: {
  days: CalendarDay[];
  readOnly: boolean;
  onChange: (days: CalendarDay[]) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="settings-rows">
      <legend>{t('settings.calendar.days')}</legend>
      {days.map((day, index) => (
        <div key={`${String(index)}-${days.length}`} className="settings-row">
          <Input
            type="date"
            aria-label={t('settings.calendar.date')}
            value={day.date}
            disabled={readOnly}
            onChange={(event) => onChange(replaced(days, index, { date: event.target.value }))}
          />
          <Select
            aria-label={t('settings.calendar.type')}
            value={day.type}
            disabled={readOnly}
            options={(['off', 'work'] as const).map((value) => ({
              value,
              label: t(`settings.calendar.types.${value}`),
            }))}
            onChange={(type: 'off' | 'work') => onChange(replaced(days, index, { type }))}
          />
          <Input
            aria-label={t('settings.name')}
            value={day.name}
            disabled={readOnly}
            onChange={(event) => onChange(replaced(days, index, { name: event.target.value }))}
          />
          <Button
            type="text"
            disabled={readOnly}
            aria-label={t('settings.removeRow', { name: day.date })}
            onClick={() => onChange(days.filter((_, i) => i !== index))}
          >
            ×
          </Button>
        </div>
      ))}
      {!readOnly && (
        <Button size="small" onClick={() => onChange([...days, { date: '', type: 'off', name: '' }])}>
          {t('settings.calendar.addDay')}
        </Button>
      )}
    </fieldset>
  );
}

function Terms({
  terms,
  readOnly,
  onChange,
}: {
  terms: CalendarTerm[];
  readOnly: boolean;
  onChange: (terms: CalendarTerm[]) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="settings-rows">
      <legend>{t('settings.calendar.terms')}</legend>
      {terms.map((term, index) => (
        <div key={`${String(index)}-${terms.length}`} className="settings-row">
          {(['from', 'to'] as const).map((end) => (
            <Input
              key={end}
              type="date"
              aria-label={t(`settings.calendar.${end}`)}
              value={term[end]}
              disabled={readOnly}
              onChange={(event) => onChange(replaced(terms, index, { [end]: event.target.value }))}
            />
          ))}
          <Input
            aria-label={t('settings.name')}
            value={term.name}
            disabled={readOnly}
            onChange={(event) => onChange(replaced(terms, index, { name: event.target.value }))}
          />
          <Button
            type="text"
            disabled={readOnly}
            aria-label={t('settings.removeRow', { name: term.name })}
            onClick={() => onChange(terms.filter((_, i) => i !== index))}
          >
            ×
          </Button>
        </div>
      ))}
      {!readOnly && (
        <Button size="small" onClick={() => onChange([...terms, { from: '', to: '', name: '' }])}>
          {t('settings.calendar.addTerm')}
        </Button>
      )}
    </fieldset>
  );
}
