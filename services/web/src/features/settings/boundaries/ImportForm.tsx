import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, ask } from '../../../api/client.ts';
import { keys } from '../../../api/keys.ts';
import { type Said, saidText } from '../../../i18n/problems/problem-text.ts';
import { useWhy } from '../../../ui/Failure.tsx';
import { Field } from '../../../ui/Field.tsx';
import { FeatureTable } from './FeatureTable.tsx';
import { type BoundaryResult, SYSTEMS, type System } from './use-boundaries.ts';

interface Chosen {
  name: string;
  collection: unknown;
}
/** By index of the feature: code of the region, null to leave it out. */
export type Assigned = Record<string, string | null>;

const NO_ASSIGNED: Assigned = {};
const SHOWN = 10;

/** A file, looked at first: which feature is which region; then written. */
export function ImportForm() {
  const { t } = useTranslation();
  const id = useId();
  const client = useQueryClient();
  const [file, setFile] = useState<Chosen>();
  const [unreadable, setUnreadable] = useState('');
  const [system, setSystem] = useState<System>();
  const [source, setSource] = useState('');
  const [licence, setLicence] = useState('');
  const [assign, setAssign] = useState(NO_ASSIGNED);
  const send = (dryRun: boolean, said: Assigned) =>
    ask<BoundaryResult>('/region-boundaries/import', {
      method: 'POST',
      body: { system, source, licence, dryRun, assign: said, collection: file?.collection },
    });
  const check = useMutation({ mutationFn: (said: Assigned) => send(true, said) });
  const write = useMutation({
    mutationFn: () => send(false, assign),
    onSuccess: async () => {
      check.reset();
      await client.invalidateQueries({ queryKey: keys.boundaries });
      await client.invalidateQueries({ queryKey: keys.regionMap });
    },
  });
  const forget = (): void => {
    check.reset();
    write.reset();
  };
  const choose = async (chosen: File | undefined): Promise<void> => {
    forget();
    setFile(undefined);
    setAssign(NO_ASSIGNED);
    setUnreadable('');
    if (chosen === undefined) return;
    try {
      setFile({ name: chosen.name, collection: JSON.parse(await chosen.text()) as unknown });
    } catch {
      setUnreadable(t('boundary.unreadable', { name: chosen.name }));
    }
  };
  const ready = file !== undefined && system !== undefined && source.trim() !== '' && licence.trim() !== '';
  const found = check.data;
  return (
    <section className="sheet boundary-form" aria-labelledby={`${id}-head`}>
      <h2 id={`${id}-head`}>{t('boundary.bring')}</h2>
      <p className="settings-quiet">{t('boundary.intro')}</p>
      <div className="boundary-fields">
        <Field
          id={`${id}-file`}
          label={t('boundary.file')}
          hint={t('boundary.fileHint')}
          error={unreadable || undefined}
        >
          <input
            id={`${id}-file`}
            type="file"
            accept=".json,.geojson,application/geo+json,application/json"
            onChange={(event) => void choose(event.target.files?.[0])}
          />
        </Field>
        <fieldset className="field">
          <legend>{t('boundary.system')}</legend>
          {SYSTEMS.map((one) => (
            <label key={one} className="boundary-choice">
              <input
                type="radio"
                name={`${id}-system`}
                checked={system === one}
                onChange={() => {
                  setSystem(one);
                  forget();
                }}
              />
              {t(`boundary.systems.${one}`)}
            </label>
          ))}
          <span className="field-hint">{t('boundary.systemHint')}</span>
        </fieldset>
        <Field id={`${id}-source`} label={t('boundary.source')} hint={t('boundary.sourceHint')}>
          <Input
            id={`${id}-source`}
            maxLength={300}
            value={source}
            onChange={(event) => setSource(event.target.value)}
          />
        </Field>
        <Field id={`${id}-licence`} label={t('boundary.licence')} hint={t('boundary.licenceHint')}>
          <Input
            id={`${id}-licence`}
            maxLength={300}
            value={licence}
            onChange={(event) => setLicence(event.target.value)}
          />
        </Field>
      </div>
      <div className="settings-buttons">
        <Button disabled={!ready} loading={check.isPending} onClick={() => check.mutate(assign)}>
          {t('boundary.check')}
        </Button>
        {found !== undefined && (
          <Button
            type="primary"
            disabled={!ready || found.written === 0}
            loading={write.isPending}
            onClick={() => write.mutate()}
          >
            {t('boundary.write', { count: found.written })}
          </Button>
        )}
      </div>
      <div role="status">
        {write.isSuccess && <p className="good">{t('boundary.written', { count: write.data.written })}</p>}
        {found !== undefined && (
          <p>
            {t('boundary.summary', {
              features: found.features.length,
              matched: found.written,
              rest: found.features.length - found.written,
            })}
            {found.missing.length > 0 &&
              ` ${t('boundary.missing', { names: found.missing.map(({ name }) => name).join('、') })}`}
          </p>
        )}
      </div>
      <Faults error={check.error ?? write.error} />
      {found !== undefined && (
        <FeatureTable
          features={found.features}
          busy={check.isPending}
          onAssign={(index, code) => {
            const { [String(index)]: _, ...others } = assign;
            const next = code === undefined ? others : { ...others, [String(index)]: code };
            setAssign(next);
            check.mutate(next);
          }}
        />
      )}
    </section>
  );
}

/** What is wrong with the file, feature by feature. */
function Faults({ error }: { error: Error | null }) {
  const { t } = useTranslation();
  const why = useWhy();
  if (error === null) return null;
  const told = error instanceof ApiError ? error.problem.errors : undefined;
  const faults = Array.isArray(told) ? (told as (Said & { field: string })[]) : [];
  return (
    <div role="alert">
      <p className="bad">
        {faults.length === 0 ? why(error) : t('boundary.wrong', { count: faults.length })}
      </p>
      <ul className="boundary-faults">
        {faults.slice(0, SHOWN).map((fault) => (
          <li key={`${fault.field} ${String(fault.code)}`}>
            <code>{fault.field}</code> {saidText(fault)}
          </li>
        ))}
      </ul>
    </div>
  );
}
