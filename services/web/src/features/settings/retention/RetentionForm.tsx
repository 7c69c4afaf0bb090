import { Button, Checkbox, Input } from 'antd';
import { type FormEvent, useDeferredValue, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../../../i18n/use-language.ts';
import { bytesText } from '../../../ui/bytes.ts';
import { useWhy } from '../../../ui/Failure.tsx';
import { Field } from '../../../ui/Field.tsx';
import { RegionChoice } from '../../../ui/RegionChoice.tsx';
import type { DueItem, RetentionBounds, RetentionRule } from './types.ts';
import { useDryRun, useRetentionChange } from './use-retention.ts';

interface RetentionFormProps {
  rule: RetentionRule;
  bounds: RetentionBounds;
  /** A new rule of a region: which one is asked. */
  asksRegion: boolean;
  onClose: () => void;
}

/** How long one thing is kept. What the change would remove is shown before it can be saved. */
export function RetentionForm({ rule, bounds, asksRegion, onClose }: RetentionFormProps) {
  const { t } = useTranslation();
  const why = useWhy();
  const id = useId();
  const { save } = useRetentionChange();
  const [region, setRegion] = useState(rule.region);
  const [days, setDays] = useState(rule.keepDays === null ? '' : String(rule.keepDays));
  const [forever, setForever] = useState(rule.keepDays === null);
  const [note, setNote] = useState('');
  const wrong = forever ? undefined : wrongDays(days, bounds);
  const complete = wrong === undefined && (!asksRegion || region !== null);
  const wanted: RetentionRule = { ...rule, region, keepDays: forever ? null : Number(days) };
  const asked = JSON.stringify(complete ? wanted : null);
  const tried = useDeferredValue(asked);
  const trial = useDryRun(JSON.parse(tried) as RetentionRule | null);
  const known = complete && trial.isSuccess && !trial.isPlaceholderData && tried === asked;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ ...wanted, note }, { onSuccess: onClose });
  };
  return (
    <form className="retention-form" onSubmit={submit}>
      <div className="fields">
        {asksRegion && <RegionChoice id={`${id}-region`} value={region} onChange={setRegion} />}
        <Field
          id={`${id}-days`}
          label={t('retention.days')}
          hint={t('retention.bounds', { least: bounds.leastDays, most: bounds.mostDays })}
          error={
            wrong === undefined
              ? undefined
              : t(`retention.wrong.${wrong}`, { least: bounds.leastDays, most: bounds.mostDays })
          }
        >
          <Input
            id={`${id}-days`}
            inputMode="numeric"
            disabled={forever}
            value={forever ? '' : days}
            onChange={({ target }) => setDays(target.value.trim())}
          />
        </Field>
        <Field id={`${id}-note`} label={t('retention.note')}>
          <Input
            id={`${id}-note`}
            maxLength={500}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </Field>
      </div>
      <Checkbox checked={forever} onChange={({ target }) => setForever(target.checked)}>
        {t('retention.forever')}
      </Checkbox>
      <p role="status" className="retention-trial">
        {trial.isError ? (
          <span className="bad">{why(trial.error)}</span>
        ) : known ? (
          <Effect due={trial.data.items.find((one) => one.item === rule.item && one.since === rule.since)} />
        ) : complete ? (
          t('retention.trial.running')
        ) : (
          ''
        )}
      </p>
      {save.isError && (
        <p className="bad" role="alert">
          {why(save.error)}
        </p>
      )}
      <div className="settings-buttons">
        <Button type="primary" htmlType="submit" disabled={!known} loading={save.isPending}>
          {t('settings.save')}
        </Button>
        <Button onClick={onClose}>{t('retention.cancel')}</Button>
      </div>
    </form>
  );
}

function wrongDays(days: string, { leastDays, mostDays }: RetentionBounds): 'number' | 'range' | undefined {
  if (!/^\d{1,6}$/.test(days)) return 'number';
  return Number(days) < leastDays || Number(days) > mostDays ? 'range' : undefined;
}

/** What would go, and what is held back. */
export function Effect({ due }: { due: DueItem | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (due === undefined || due.count + due.held === 0) return <>{t('retention.trial.none')}</>;
  const size =
    due.bytes === null || due.bytes === 0
      ? ''
      : t('retention.size', { size: bytesText(due.bytes, language) });
  return (
    <>
      {due.count === 0 ? (
        t('retention.trial.none')
      ) : (
        <b className="warn">{t('retention.trial.due', { count: due.count, size })}</b>
      )}
      {due.held > 0 && <> {t('retention.trial.held', { count: due.held })}</>}
    </>
  );
}
